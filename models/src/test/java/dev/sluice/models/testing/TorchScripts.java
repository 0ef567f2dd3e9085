// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** TorchScript archives, written without Python. */
public final class TorchScripts {
  private TorchScripts() {}

  /** {@code x + y}. */
  public static Path add(Path file) {
    return module(file, "x: Tensor,\n    y: Tensor", "Tensor", "return torch.add(x, y)");
  }

  /** {@code (x + y, x - y)}. */
  public static Path addSub(Path file) {
    return module(
        file,
        "x: Tensor,\n    y: Tensor",
        "Tuple[Tensor, Tensor]",
        "return (torch.add(x, y), torch.sub(x, y))");
  }

  /** {@code [x, x]}: a list, whose length the code does not declare. */
  public static Path list(Path file) {
    return module(file, "x: Tensor", "List[Tensor]", "return [x, x]");
  }

  /** {@code {"twice": 2x, "same": x}}. */
  public static Path dict(Path file) {
    return module(
        file, "x: Tensor", "Dict[str, Tensor]", "return {\"twice\": torch.add(x, x), \"same\": x}");
  }

  /** {@code x}, whatever it is. */
  public static Path identity(Path file) {
    return module(file, "x: Tensor", "Tensor", "return x");
  }

  /** {@code x · w} for x of [N, 2] and w of [2, 2]. */
  public static Path linear(Path file, float... w) {
    String code =
        """
        class Net(Module):
          __parameters__ = ["weight", ]
          __buffers__ = []
          weight : Tensor
          training : bool
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            weight = self.weight
            return torch.matmul(x, weight)
        """;
    ByteBuffer weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : w) {
      weights.putFloat(value);
    }
    Map<String, byte[]> entries = entries(code, moduleWithWeight());
    entries.put("data/0", weights.array());
    return zip(file, entries);
  }

  /** A module without weights: its arguments after {@code self}, its result and its one line. */
  public static Path module(Path file, String arguments, String result, String body) {
    String code =
        """
        class Net(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Net,
            %s) -> %s:
            %s
        """
            .formatted(arguments, result, body);
    return zip(file, entries(code, moduleWithoutWeights()));
  }

  /** What {@code torch.save} writes for weights: pickled objects, no code. */
  public static Path weightsOnly(Path file) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", latin("\u0080\u0002}."));
    entries.put("version", latin("3\n"));
    return zip(file, entries);
  }

  private static Map<String, byte[]> entries(String code, byte[] pickle) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("data.pkl", pickle);
    entries.put("code/__torch__.py", latin(code));
    entries.put("constants.pkl", latin("\u0080\u0002)."));
    entries.put("version", latin("3\n"));
    return entries;
  }

  private static byte[] moduleWithoutWeights() {
    return latin("\u0080\u0002c__torch__\nNet\n)\u0081}(" + text("training") + "\u0089ub.");
  }

  private static byte[] moduleWithWeight() {
    String storage =
        "((" + text("storage") + "ctorch\nFloatStorage\n" + text("0") + text("cpu") + "K\u0004tQ";
    String tensor =
        "ctorch._utils\n_rebuild_tensor_v2\n"
            + storage
            + "K\u0000K\u0002K\u0002\u0086K\u0002K\u0001\u0086\u0089ccollections\n"
            + "OrderedDict\n"
            + ")RtR";
    return latin(
        "\u0080\u0002c__torch__\nNet\n)\u0081}("
            + text("training")
            + "\u0089"
            + text("weight")
            + tensor
            + "ub.");
  }

  /** A pickled string of at most 255 bytes. */
  private static String text(String value) {
    return "X" + (char) value.length() + "\u0000\u0000\u0000" + value;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Path zip(Path file, Map<String, byte[]> entries) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
          zip.putNextEntry(stored("net/" + entry.getKey(), entry.getValue()));
          zip.write(entry.getValue());
        }
      }
      return Files.write(file, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    return entry;
  }
}
