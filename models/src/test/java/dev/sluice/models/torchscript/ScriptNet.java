// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.torchscript.PickleValue.Dict;
import dev.sluice.models.torchscript.PickleValue.Entry;
import dev.sluice.models.torchscript.PickleValue.Global;
import dev.sluice.models.torchscript.PickleValue.Instance;
import dev.sluice.models.torchscript.PickleValue.Literal;
import dev.sluice.models.torchscript.PickleValue.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Puts TorchScript archives together: code, objects and weights. */
final class ScriptNet {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(5);
  private int storages;

  ScriptNet() {
    put("constants.pkl", "\u0080\u0002).");
    put("version", "3\n");
  }

  /**
   * @param module for example {@code __torch__.net}
   */
  ScriptNet code(String module, String text) {
    return put("code/" + module.replace('.', '/') + ".py", text);
  }

  ScriptNet put(String name, String content) {
    entries.put(name, content.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Evenly between -0.1 and 0.1. */
  PickleValue tensor(int... sizes) {
    int count = 1;
    for (int size : sizes) {
      count *= size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() * 0.2 - 0.1);
    }
    return tensor(values, sizes);
  }

  PickleValue tensor(float[] values, int... sizes) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    String key = Integer.toString(storages++);
    entries.put("data/" + key, bytes.array());
    long[] wide = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      wide[i] = sizes[i];
    }
    return StoredTensor.whole("FloatStorage", key, wide);
  }

  /**
   * @param type with its package
   * @param attributes a name, its value, and so on
   */
  static Instance module(String type, Object... attributes) {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry(new Text("training"), Literal.FALSE));
    for (int i = 0; i < attributes.length; i += 2) {
      entries.add(new Entry(new Text((String) attributes[i]), (PickleValue) attributes[i + 1]));
    }
    int dot = type.lastIndexOf('.');
    return new Instance(
        new Global(type.substring(0, dot), type.substring(dot + 1)), new Dict(entries));
  }

  Path write(Path file, PickleValue root) {
    entries.put("data.pkl", PickleWriter.write(root));
    return write(file);
  }

  /** With what was put in. */
  Path write(Path file) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry("net/" + entry.getKey()));
        zip.write(entry.getValue());
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ScriptNet without(String name) {
    entries.remove(name);
    return this;
  }

  /** The class that {@code torch.jit.script} makes of {@code nn.Linear}. */
  ScriptNet linearClass(String module) {
    return code(
        module,
        """
        class Linear(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = []
          weight : Tensor
          bias : Tensor
          training : bool
          in_features : Final[int] = 128
          def forward(self: %s.Linear,
            input: Tensor) -> Tensor:
            weight = self.weight
            bias = self.bias
            return torch.linear(input, weight, bias)
        """
            .formatted(module));
  }

  /** One module that does what these lines say, with these attributes, all tensors. */
  Path single(Path file, String body, Object... attributes) {
    StringBuilder declared = new StringBuilder();
    StringBuilder listed = new StringBuilder();
    for (int i = 0; i < attributes.length; i += 2) {
      declared.append("  ").append(attributes[i]).append(" : Tensor\n");
      listed.append('"').append(attributes[i]).append("\", ");
    }
    code(
        "__torch__",
        "class Net(Module):\n  __parameters__ = [%s]\n  __buffers__ = []\n%s  training : bool\n"
                .formatted(listed, declared)
            + "  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n"
            + body.indent(4));
    return write(file, module("__torch__.Net", attributes));
  }
}
