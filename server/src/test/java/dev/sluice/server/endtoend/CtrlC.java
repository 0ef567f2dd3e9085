// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** SIGINT to another process. */
final class CtrlC {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String IGNORED = "SigIgn:";
  private static final long SIGINT = 1L << (2 - 1);

  private CtrlC() {}

  /** Skips a test where no child would hear it: whoever ignores a signal hands that down. */
  static void assumeHeard() throws IOException {
    assumeFalse(ignored(), "SIGINT is ignored here, as in what a script starts in its background");
  }

  private static boolean ignored() throws IOException {
    List<String> status = Files.isReadable(STATUS) ? Files.readAllLines(STATUS) : List.of();
    return status.stream()
        .filter(line -> line.startsWith(IGNORED))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16))
        .anyMatch(signals -> (signals & SIGINT) != 0);
  }

  static void send(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }
}
