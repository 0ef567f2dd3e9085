// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/** Items that were launched together; whoever took the batch settles each of them. */
record FormedBatch<T, R>(List<BatchItem<T, R>> members, int rows, int lane)
    implements LaneTask<T, R> {}
