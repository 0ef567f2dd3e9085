// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is gone when this process is, however it ends, SIGKILL excepted. */
public final class TemporaryFolder {
  private TemporaryFolder() {}

  public static Path create() throws IOException {
    Path folder = Files.createTempDirectory("sluice-bench-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "end of " + folder));
    return folder;
  }

  private static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException left) {
      System.err.println("sluice: " + folder + " could not be deleted: " + left.getMessage());
    }
  }
}
