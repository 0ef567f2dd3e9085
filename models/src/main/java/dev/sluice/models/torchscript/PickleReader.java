// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.EngineException;
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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the pickles that TorchScript writes, and those alone: the opcodes that its own reader
 * knows, names instead of code, and bounds on everything. Nothing that a pickle names is called.
 * Whatever else the bytes hold is one {@link EngineException}.
 */
final class PickleReader {
  /** Modules are nested to a few dozen levels; each takes four. */
  static final int MAX_DEPTH = 400;

  /** A large model has some ten thousand. */
  static final int MAX_VALUES = 2_000_000;

  private static final int MAX_NAME = 1_000;

  private final ByteBuffer in;
  private final List<Slot> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Slot> memo = new HashMap<>();
  private final Set<PickleValue> shared = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  /**
   * @param depth levels of nesting within the value
   * @param open whether it is the class of an object whose state is still to come
   */
  private record Slot(PickleValue value, int depth, boolean open) {}

  private PickleReader(byte[] pickle) {
    this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  static PickleValue read(byte[] pickle) throws EngineException {
    return new PickleReader(pickle).value();
  }

  private PickleValue value() throws EngineException {
    if (in.remaining() < 2 || in.get() != (byte) 0x80 || in.get() != 2) {
      throw damaged("it is not a pickle of protocol 2");
    }
    while (true) {
      need(1);
      char opcode = (char) (in.get() & 0xff);
      if (opcode == '.') {
        PickleValue result = pop().value();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw damaged("it ends with values left over");
        }
        return result;
      }
      if (!scalar(opcode) && !composite(opcode)) {
        throw damaged("opcode 0x%02x is none that TorchScript writes".formatted((int) opcode));
      }
    }
  }

  private boolean scalar(char opcode) throws EngineException {
    switch (opcode) {
      case 'N' -> push(Literal.NONE);
      case '\u0088' -> push(Literal.TRUE);
      case '\u0089' -> push(Literal.FALSE);
      case 'K' -> push(new Whole(need(1).get() & 0xff));
      case 'M' -> push(new Whole(need(2).getShort() & 0xffff));
      case 'J' -> push(new Whole(need(4).getInt()));
      case '\u008a' -> push(new Whole(longInteger()));
      case 'G' -> push(new Real(Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()))));
      case 'X' -> push(new Text(text(need(4).getInt())));
      case 'c' -> push(new Global(line(), line()));
      case 'h' -> recall(need(1).get() & 0xff);
      case 'j' -> recall(need(4).getInt());
      case 'q' -> remember(need(1).get() & 0xff);
      case 'r' -> remember(need(4).getInt());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean composite(char opcode) throws EngineException {
    switch (opcode) {
      case '(' -> marks.add(stack.size());
      case ')' -> push(new Tuple());
      case '\u0085' -> tuple(pop(1));
      case '\u0086' -> tuple(pop(2));
      case '\u0087' -> tuple(pop(3));
      case 't' -> tuple(popMarked());
      case ']' -> push(new Sequence(List.of()));
      case 'a' -> append(pop(1));
      case 'e' -> append(popMarked());
      case '}' -> push(new Dict(List.of()));
      case 's' -> setItems(pop(2));
      case 'u' -> setItems(popMarked());
      case 'Q' -> persistent();
      case 'R' -> reduce();
      case '\u0081' -> newObject();
      case 'b' -> build();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void persistent() throws EngineException {
    Slot id = pop();
    push(new Stored(id.value()), id.depth());
  }

  private void reduce() throws EngineException {
    Slot arguments = pop();
    if (!(pop().value() instanceof Global function)
        || !(arguments.value() instanceof Tuple tuple)) {
      throw damaged("it calls something that is not a function");
    }
    push(new Call(function, tuple), arguments.depth());
  }

  private void newObject() throws EngineException {
    Slot arguments = pop();
    if (!(pop().value() instanceof Global type)
        || !(arguments.value() instanceof Tuple tuple)
        || !tuple.items().isEmpty()) {
      throw damaged("it makes an object of something that is not a class");
    }
    stack.add(new Slot(type, 0, true));
  }

  private void build() throws EngineException {
    Slot state = pop();
    Slot object = top();
    if (!object.open() || !(object.value() instanceof Global type)) {
      throw damaged("it gives a state to something that is not an object");
    }
    stack.removeLast();
    push(new Instance(type, state.value()), state.depth());
  }

  private void append(List<Slot> items) throws EngineException {
    if (!(top().value() instanceof Sequence list)) {
      throw damaged("it appends to something that is not a list");
    }
    fill();
    List<PickleValue> all = new ArrayList<>(list.items());
    items.forEach(item -> all.add(item.value()));
    push(new Sequence(all), depth(items));
  }

  private void setItems(List<Slot> items) throws EngineException {
    if (!(top().value() instanceof Dict dict) || items.size() % 2 != 0) {
      throw damaged("it sets items of something that is not a dict");
    }
    fill();
    List<Entry> all = new ArrayList<>(dict.entries());
    for (int i = 0; i < items.size(); i += 2) {
      all.add(new Entry(items.get(i).value(), items.get(i + 1).value()));
    }
    push(new Dict(all), depth(items));
  }

  /** Takes away the list or dict that a fuller one replaces, which nobody may refer to yet. */
  private void fill() throws EngineException {
    Slot old = pop();
    boolean empty =
        old.value() instanceof Sequence list
            ? list.items().isEmpty()
            : old.value() instanceof Dict dict && dict.entries().isEmpty();
    if (!empty || shared.contains(old.value())) {
      throw damaged("it adds to a list or dict that is in use already");
    }
  }

  private void tuple(List<Slot> items) throws EngineException {
    push(new Tuple(items.stream().map(Slot::value).toList()), depth(items));
  }

  private static int depth(List<Slot> items) {
    return items.stream().mapToInt(Slot::depth).max().orElse(0);
  }

  private void recall(int index) throws EngineException {
    Slot known = memo.get(index);
    if (known == null) {
      throw damaged("it refers to a value that it has not named");
    }
    count();
    stack.add(known);
  }

  private void remember(int index) throws EngineException {
    Slot named = top();
    if (named.open()) {
      throw damaged("it refers to an object that has no state yet");
    }
    memo.put(index, named);
    shared.add(named.value());
  }

  private void push(PickleValue value) throws EngineException {
    push(value, 0);
  }

  private void push(PickleValue value, int inner) throws EngineException {
    if (inner >= MAX_DEPTH) {
      throw damaged("it is nested more than " + MAX_DEPTH + " levels deep");
    }
    count();
    stack.add(new Slot(value, inner + 1, false));
  }

  private void count() throws EngineException {
    if (++values > MAX_VALUES) {
      throw damaged("it has more than " + MAX_VALUES + " values");
    }
  }

  private Slot top() throws EngineException {
    if (stack.size() <= (marks.isEmpty() ? 0 : marks.getLast())) {
      throw damaged("it uses a value that is not there");
    }
    return stack.getLast();
  }

  private Slot pop() throws EngineException {
    Slot top = top();
    if (top.open()) {
      throw damaged("it uses an object that has no state yet");
    }
    return stack.removeLast();
  }

  private List<Slot> pop(int count) throws EngineException {
    List<Slot> popped = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      popped.addFirst(pop());
    }
    return popped;
  }

  private List<Slot> popMarked() throws EngineException {
    if (marks.isEmpty()) {
      throw damaged("it ends a group that it has not begun");
    }
    int from = marks.removeLast();
    List<Slot> group = stack.subList(from, stack.size());
    if (group.stream().anyMatch(Slot::open)) {
      throw damaged("it uses an object that has no state yet");
    }
    List<Slot> popped = List.copyOf(group);
    group.clear();
    return popped;
  }

  private long longInteger() throws EngineException {
    int length = need(1).get() & 0xff;
    if (length > 8) {
      throw damaged("it has an integer of more than 64 bits");
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      long octet = need(1).get();
      value |= i == length - 1 ? octet << (8 * i) : (octet & 0xff) << (8 * i);
    }
    return value;
  }

  private String text(int length) throws EngineException {
    if (length < 0) {
      throw damaged("it is cut short");
    }
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    // Of any encoding: written again, it is the same bytes.
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String line() throws EngineException {
    StringBuilder line = new StringBuilder();
    for (char c = octet(); c != '\n'; c = octet()) {
      if (line.length() == MAX_NAME) {
        throw damaged("it has a name of more than " + MAX_NAME + " characters");
      }
      line.append(c);
    }
    return line.toString();
  }

  private char octet() throws EngineException {
    return (char) (need(1).get() & 0xff);
  }

  private ByteBuffer need(int bytes) throws EngineException {
    if (in.remaining() < bytes) {
      throw damaged("it is cut short");
    }
    return in;
  }

  private static EngineException damaged(String why) {
    return new EngineException("the archive's data.pkl cannot be read: " + why);
  }
}
