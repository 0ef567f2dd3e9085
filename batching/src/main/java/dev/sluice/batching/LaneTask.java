// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** What a lane is to do next. */
sealed interface LaneTask<T, R> permits FormedBatch, LaneTask.Check {
  /** See whether its runner still works, and tell {@link BatchCore#checked}. */
  record Check<T, R>() implements LaneTask<T, R> {}
}
