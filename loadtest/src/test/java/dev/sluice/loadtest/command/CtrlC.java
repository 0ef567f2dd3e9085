// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** SIGINT to another process. */
public final class CtrlC {
  private static final long SIGINT = 1L << (2 - 1);

  private CtrlC() {}

  /** False where no child would hear it: whoever ignores a signal hands that down. */
  public static boolean send(Process process) throws IOException, InterruptedException {
    Path status = Path.of("/proc/self/status");
    List<String> lines = Files.isReadable(status) ? Files.readAllLines(status) : List.of();
    boolean ignored =
        lines.stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(
                line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
    if (!ignored) {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }
    return !ignored;
  }
}
