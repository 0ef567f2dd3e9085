// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** Chooses what shares a batch. */
@FunctionalInterface
public interface Selection {
  /**
   * Takes, by {@link Window#take}, what goes with the first candidate, which is taken already. Is
   * called under the batcher's lock: must be quick, block on nothing and call nothing of the
   * batcher. What it takes must fit, see {@link Window#fits}.
   */
  void select(Window window, Costs costs);
}
