// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * Where a call spent its time. Of a call that travelled in several batches, the longest of each.
 *
 * @param queueNanos from submission until its last item started to run
 * @param computeNanos the longest run that an item of it was part of; 0 if none ran
 * @param batchRows rows of the largest batch that an item of it was part of; 0 if none ran
 */
public record CallTiming(long queueNanos, long computeNanos, int batchRows) {
  public static final CallTiming NONE = new CallTiming(0, 0, 0);
}
