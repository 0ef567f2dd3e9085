// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Does several things of which each is worth doing whatever becomes of the others. */
final class Failures {
  private final List<String> failures = new ArrayList<>();

  /** May fail. */
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  void of(String what, Task task) {
    try {
      task.run();
    } catch (IOException e) {
      failures.add(what + ": " + e.getMessage());
    }
  }

  /**
   * @throws IOException with all failures, in one line
   */
  void end() throws IOException {
    if (!failures.isEmpty()) {
      throw new IOException(String.join("; ", failures));
    }
  }
}
