// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a file whole or leaves what was there: on a disk that is full, half a report in the place
 * of an earlier one is worse than none. What is no plain file, such as a pipe, is just written to.
 */
final class WholeFile {
  private WholeFile() {}

  /** Writes the content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes the content as text. */
  @FunctionalInterface
  interface Text {
    void writeTo(Writer out) throws IOException;
  }

  /** In UTF-8. */
  static void text(Path file, Text text) throws IOException {
    write(
        file,
        bytes -> {
          Writer out = new OutputStreamWriter(bytes, StandardCharsets.UTF_8);
          text.writeTo(out);
          out.flush();
        });
  }

  static void write(Path file, Content content) throws IOException {
    if (!plain(file)) {
      to(file, content);
      return;
    }
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isWritable(folder)) {
      to(target, content);
      return;
    }
    Path part =
        folder.resolve(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      to(part, content);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** A stream of the process has a name as well, be it one of a plain file. */
  private static boolean plain(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    boolean stream = absolute.startsWith("/dev") || absolute.startsWith("/proc");
    return !stream && (!Files.exists(file) || Files.isRegularFile(file));
  }

  private static void to(Path file, Content content) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      content.writeTo(out);
    }
  }
}
