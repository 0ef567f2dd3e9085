// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.search;

import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;

/** Loads a server at one rate. */
@FunctionalInterface
public interface Trial {
  /**
   * @param perSecond calls that are due in each second
   * @param calls that are wanted at least
   */
  Outcome at(int perSecond, long calls) throws IOException, InterruptedException;

  /**
   * What came of it.
   *
   * @param missing calls that an {@code INCONCLUSIVE} lacked; 0: more calls would not help
   * @param close whether a {@code FAIL} is one by a hair, so that chance may have had a part
   * @param stopped somebody wants the search to end
   * @param why one line, for people
   */
  record Outcome(Verdict.State state, long missing, boolean close, boolean stopped, String why) {}
}
