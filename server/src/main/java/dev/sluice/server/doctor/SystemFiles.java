// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads small files of the kernel and the system below a root folder, which is {@code /} in earnest
 * and a folder of samples in tests. What cannot be read is empty.
 */
public final class SystemFiles {
  private static final int MAX_BYTES = 8 << 20;

  private final Path root;

  public SystemFiles(Path root) {
    this.root = root;
  }

  /** The file without surrounding blanks; the path is written without the leading slash. */
  Optional<String> text(String path) {
    try (InputStream in = Files.newInputStream(root.resolve(path))) {
      return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  List<String> lines(String path) {
    return text(path).map(text -> text.lines().toList()).orElse(List.of());
  }

  /** What follows {@code key} and a colon or blanks, in the first line that starts with it. */
  Optional<String> value(String path, String key) {
    return lines(path).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replaceFirst("^[\\s:=]+", "").strip())
        .findFirst();
  }

  boolean exists(String path) {
    return Files.exists(root.resolve(path));
  }
}
