// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items that were launched together; whoever took the batch settles each of them.
 *
 * @param stats what it holds, of no run yet
 * @param waitNanos how long the one that came first has waited
 * @param formingNanos how long it took to choose them
 * @param fault what the {@link Selection} threw, if it did
 */
record FormedBatch<T, R>(
    List<BatchItem<T, R>> members,
    int lane,
    RunStats stats,
    long waitNanos,
    long formingNanos,
    @Nullable Throwable fault)
    implements LaneTask<T, R> {
  int rows() {
    return stats.rows();
  }
}
