// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.search;

import dev.sluice.loadtest.result.Verdict.State;
import java.io.IOException;

/**
 * Searches the highest rate that meets its thresholds: doubles it until one fails, then halves what
 * lies between. Whether a rate that could not be judged meets them is not known, so it counts as
 * one that does not; before that it is tried again with as many calls as were missing. A rate that
 * fails by a hair is tried a second time, which decides: the first may have had bad luck.
 *
 * <p>It ends: each rate is tried six times at most, and there are no more rates than twice the bits
 * of the highest. It takes for granted that a server that fails at a rate fails at all above.
 */
public final class MaxRate {
  private static final int MOST_TRIES = 3;

  private final int high;
  private final int step;
  private final Trial trial;
  private int good;
  private int bad;
  private State end = State.PASS;
  private String why = "";
  private boolean stopped;

  private MaxRate(int high, int step, Trial trial) {
    this.high = high;
    this.step = step;
    this.trial = trial;
  }

  /**
   * What was found.
   *
   * @param good the highest rate that met the thresholds; 0: none did
   * @param bad the lowest that did not; 0: all that were tried did
   * @param end how {@code bad} was judged: FAIL or INCONCLUSIVE
   * @param why of {@code bad}
   * @param stopped whether the search was ended before its end
   */
  public record Found(int good, int bad, State end, String why, boolean stopped) {}

  /**
   * @param low at least 1, as is the step
   * @param high more than that
   * @param step how close the result is to the highest rate there is
   * @param calls of a trial, at first
   */
  public static Found search(int low, int high, int step, long calls, Trial trial)
      throws IOException, InterruptedException {
    MaxRate search = new MaxRate(high, step, trial);
    search.climb(low, calls);
    search.narrow(calls);
    return new Found(search.good, search.bad, search.end, search.why, search.stopped);
  }

  private void climb(int low, long calls) throws IOException, InterruptedException {
    int rate = low;
    while (meets(rate, calls) && rate < high) {
      rate = (int) Math.min(high, 2L * rate);
    }
  }

  private void narrow(long calls) throws IOException, InterruptedException {
    while (!stopped && good > 0 && bad > 0 && bad - good > step) {
      meets(good + (bad - good) / 2, calls);
    }
  }

  private boolean meets(int rate, long calls) throws IOException, InterruptedException {
    Trial.Outcome outcome = judged(rate, calls);
    if (outcome.state() == State.FAIL && outcome.close() && !outcome.stopped()) {
      outcome = judged(rate, calls);
    }
    if (outcome.stopped()) {
      stopped = true;
      return false;
    } else if (outcome.state() == State.PASS) {
      good = rate;
      return true;
    }
    bad = rate;
    end = outcome.state();
    why = outcome.why();
    return false;
  }

  /** Asked until it can be told, or has been asked too often. */
  private Trial.Outcome judged(int rate, long calls) throws IOException, InterruptedException {
    Trial.Outcome outcome = trial.at(rate, calls);
    long wanted = calls;
    for (int i = 1; i < MOST_TRIES && again(outcome); i++) {
      // As many again as are missing at least: those to come will have some over the bound too.
      wanted += 2 * outcome.missing();
      outcome = trial.at(rate, wanted);
    }
    return outcome;
  }

  private static boolean again(Trial.Outcome outcome) {
    return outcome.state() == State.INCONCLUSIVE && outcome.missing() > 0 && !outcome.stopped();
  }
}
