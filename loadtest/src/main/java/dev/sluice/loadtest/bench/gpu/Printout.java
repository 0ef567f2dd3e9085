// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import java.io.PrintWriter;
import java.util.List;

/**
 * What the check says. It may be told to end from any thread, while another is still at work: then
 * nothing follows the last lines. Guarded by its own lock.
 */
final class Printout {
  private final PrintWriter out;
  private final PrintWriter progress;
  private boolean ended;

  Printout(PrintWriter out, PrintWriter progress) {
    this.out = out;
    this.progress = progress;
  }

  synchronized void line(String text) {
    if (!ended) {
      out.println(text);
    }
  }

  synchronized void progress(String text) {
    if (!ended) {
      progress.println(text);
    }
  }

  /** Says the last lines, unless somebody has before. */
  synchronized void end(List<String> last) {
    last.forEach(this::line);
    ended = true;
    out.flush();
    progress.flush();
  }
}
