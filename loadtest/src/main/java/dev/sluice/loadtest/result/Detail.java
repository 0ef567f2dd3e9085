// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

/**
 * One call.
 *
 * @param completedEpochNanos when its answer was complete, in nanoseconds since 1970
 * @param responseNanos from its intended start to its answer
 * @param serviceNanos from its actual send to its answer
 * @param error empty if it succeeded
 * @param status as {@link StatusNames} spells it
 */
public record Detail(
    long completedEpochNanos, long responseNanos, long serviceNanos, String error, String status) {
  public boolean ok() {
    return error.isEmpty();
  }
}
