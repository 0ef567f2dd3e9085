// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.logging.Terminal;
import java.io.PrintStream;

/**
 * Tells on stderr how far long work is: on a terminal as one line that is written over, elsewhere
 * as a line for each step. Told by any thread; guarded by its own lock.
 */
final class ProgressLine implements AutoCloseable {
  private static final int BAR = 30;
  private static final String CLEARED = "\r" + " ".repeat(78) + "\r";

  private final PrintStream err;
  private final boolean terminal;
  private String step = "";
  private int percent = -1;

  private ProgressLine(PrintStream err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  static ProgressLine on(Surroundings surroundings) {
    return new ProgressLine(surroundings.err(), Terminal.isStderr(surroundings.root()));
  }

  /**
   * @param share of the whole work that is done, 0 to 1
   */
  synchronized void at(String now, double share) {
    int reached = Math.max(percent, (int) (100 * share));
    if (terminal && (reached != percent || !now.equals(step))) {
      int full = reached * BAR / 100;
      err.printf(
          "%s[%s%s] %3d %% %s", CLEARED, "#".repeat(full), "-".repeat(BAR - full), reached, now);
      err.flush();
    } else if (!terminal && !now.equals(step)) {
      err.printf("%3d %% %s%n", reached, now);
    }
    step = now;
    percent = reached;
  }

  /** Leaves a clean line. */
  @Override
  public synchronized void close() {
    if (terminal && percent >= 0) {
      err.print(CLEARED);
      err.flush();
    }
  }
}
