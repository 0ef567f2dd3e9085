// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

/**
 * What became of one demand.
 *
 * @param demand as it was asked for
 * @param observed the figure, for people
 * @param moreSamples at least so many more are needed; 0 if that is not what is missing
 * @param reason empty where the figure says it all
 */
public record Verdict(
    String demand, State state, String observed, long moreSamples, String reason) {
  /** INCONCLUSIVE: the run cannot tell, with 99 % confidence. */
  public enum State {
    PASS,
    FAIL,
    INCONCLUSIVE
  }
}
