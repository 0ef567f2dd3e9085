// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.PickleValue.Call;
import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Instance;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Real;
import dev.sluice.models.torchscript.PickleValue.Sequence;
import dev.sluice.models.torchscript.PickleValue.Stored;
import dev.sluice.models.torchscript.PickleValue.Text;
import dev.sluice.models.torchscript.PickleValue.Tuple;
import dev.sluice.models.torchscript.PickleValue.Whole;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes values as TorchScript does. Equal names and strings are written once, and so is each other
 * object that is referred to more than once. The same values give the same bytes.
 */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Set<PickleValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<PickleValue> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<PickleValue, Integer> names = new HashMap<>();
  private final IdentityHashMap<PickleValue, Integer> objects = new IdentityHashMap<>();
  private int memoized;

  private PickleWriter() {}

  static byte[] write(PickleValue value) {
    PickleWriter writer = new PickleWriter();
    writer.findShared(value);
    writer.opcode(0x80).opcode(2);
    writer.value(value);
    writer.opcode('.');
    return writer.out.toByteArray();
  }

  private void findShared(PickleValue value) {
    if (!seen.add(value)) {
      shared.add(value);
      return;
    }
    switch (value) {
      case Tuple tuple -> tuple.items().forEach(this::findShared);
      case Sequence list -> list.items().forEach(this::findShared);
      case Dict dict -> {
        for (Entry entry : dict.entries()) {
          findShared(entry.key());
          findShared(entry.value());
        }
      }
      case Call call -> findShared(call.arguments());
      case Stored stored -> findShared(stored.id());
      case Instance instance -> findShared(instance.state());
      case Literal literal -> {}
      case Global global -> {}
      case Text text -> {}
      case Whole whole -> {}
      case Real real -> {}
    }
  }

  private void value(PickleValue value) {
    switch (value) {
      case Literal literal -> literal(literal);
      case Whole whole -> whole(whole.value());
      case Real real -> opcode('G').bytes(8, buffer -> buffer.putLong(bits(real.value())));
      case Global global -> named(global);
      case Text text -> named(text);
      case Tuple tuple -> object(tuple);
      case Sequence list -> object(list);
      case Dict dict -> object(dict);
      case Call call -> object(call);
      case Stored stored -> object(stored);
      case Instance instance -> object(instance);
    }
  }

  private void named(PickleValue value) {
    Integer known = names.get(value);
    if (known != null) {
      get(known);
      return;
    }
    if (value instanceof Global global) {
      opcode('c').raw(global.module() + "\n" + global.name() + "\n");
    } else if (value instanceof Text text) {
      opcode('X').bytes(4, buffer -> buffer.putInt(text.value().length()));
      raw(text.value());
    }
    names.put(value, put());
  }

  private void object(PickleValue value) {
    Integer known = objects.get(value);
    if (known != null) {
      get(known);
      return;
    }
    parts(value);
    if (shared.contains(value)) {
      objects.put(value, put());
    }
  }

  private void parts(PickleValue value) {
    switch (value) {
      case Tuple tuple -> {
        if (tuple.items().isEmpty()) {
          opcode(')');
        } else {
          opcode('(');
          tuple.items().forEach(this::value);
          opcode('t');
        }
      }
      case Sequence list -> {
        opcode(']').opcode('(');
        list.items().forEach(this::value);
        opcode('e');
      }
      case Dict dict -> {
        opcode('}').opcode('(');
        for (Entry entry : dict.entries()) {
          value(entry.key());
          value(entry.value());
        }
        opcode('u');
      }
      case Call call -> {
        value(call.function());
        value(call.arguments());
        opcode('R');
      }
      case Stored stored -> {
        value(stored.id());
        opcode('Q');
      }
      case Instance instance -> {
        value(instance.type());
        opcode(')').opcode(0x81);
        value(instance.state());
        opcode('b');
      }
      default -> throw new IllegalArgumentException("has no parts: " + value);
    }
  }

  private void literal(Literal literal) {
    opcode(
        switch (literal) {
          case NONE -> 'N';
          case TRUE -> 0x88;
          case FALSE -> 0x89;
        });
  }

  private void whole(long value) {
    if (value >= 0 && value <= 0xff) {
      opcode('K').opcode((int) value);
    } else if (value >= 0 && value <= 0xffff) {
      opcode('M').bytes(2, buffer -> buffer.putShort((short) value));
    } else if (value == (int) value) {
      opcode('J').bytes(4, buffer -> buffer.putInt((int) value));
    } else {
      opcode(0x8a).opcode(8).bytes(8, buffer -> buffer.putLong(value));
    }
  }

  /** Floating point alone is written with the high byte first. */
  private static long bits(double value) {
    return Long.reverseBytes(Double.doubleToRawLongBits(value));
  }

  private void get(int index) {
    memo('h', 'j', index);
  }

  private int put() {
    memo('q', 'r', memoized);
    return memoized++;
  }

  private void memo(char small, char large, int index) {
    if (index <= 0xff) {
      opcode(small).opcode(index);
    } else {
      opcode(large).bytes(4, buffer -> buffer.putInt(index));
    }
  }

  private PickleWriter opcode(int octet) {
    out.write(octet);
    return this;
  }

  private void raw(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void bytes(int count, Consumer<ByteBuffer> fill) {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    fill.accept(buffer);
    out.writeBytes(buffer.array());
  }
}
