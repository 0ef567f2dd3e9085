// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file of calibration inputs, which anybody may have written. */
final class CalibrationLines {
  static final int MOST_LINES = 10_000;
  static final long MOST_TEXT_BYTES = 16L << 20;

  /** Numbers take more room as digits than texts do as letters. */
  static final long MOST_TENSOR_BYTES = 256L << 20;

  private CalibrationLines() {}

  /**
   * The lines that are not blank.
   *
   * @throws EngineException for a file without any, one of more than that many bytes or of too many
   *     lines, and one that is not UTF-8
   */
  static List<String> read(Path file, long mostBytes) throws EngineException {
    String name = "the calibration file " + file.getFileName();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = atMost(in, mostBytes + 1);
    } catch (IOException e) {
      throw new EngineException(name + " cannot be read: " + reason(e), e);
    }
    if (bytes.length > mostBytes) {
      throw new EngineException(name + " is larger than " + (mostBytes >> 20) + " MiB");
    }
    List<String> lines = lines(name, bytes);
    if (lines.isEmpty()) {
      throw new EngineException(name + " is empty: it should have one input a line");
    }
    return lines;
  }

  private static List<String> lines(String name, byte[] bytes) throws EngineException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new EngineException(name + " is not UTF-8 text", e);
    }
    List<String> lines = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (lines.size() == MOST_LINES) {
        throw new EngineException(name + " has more than " + MOST_LINES + " lines");
      }
      if (!line.isBlank()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** A pipe has no size to look at first. */
  private static byte[] atMost(InputStream in, long most) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    for (long left = most; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        break;
      }
      bytes.write(buffer, 0, read);
      left -= read;
    }
    return bytes.toByteArray();
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "");
  }
}
