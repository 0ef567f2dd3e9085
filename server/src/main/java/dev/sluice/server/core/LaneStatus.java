// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * How a lane is, for the operator.
 *
 * @param sinceMillis when it came to be so, since the epoch
 * @param failuresInRow runs that failed since the last one that did not
 * @param reason why it is out of service; empty when it is not
 */
public record LaneStatus(State state, long sinceMillis, int failuresInRow, String reason) {
  /** What a lane does. */
  public enum State {
    /** Waits for something to run. */
    IDLE,
    RUNNING,
    /** Failed to run what is known to work; takes nothing until it can. */
    OUT
  }
}
