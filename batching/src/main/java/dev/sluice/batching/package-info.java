// SPDX-License-Identifier: Apache-2.0
/**
 * Turns single calls into full batches at the last possible moment.
 *
 * <p>A {@link Call} of one or more {@link Item}s is submitted to a {@link Batcher}; lanes, each a
 * thread that owns one {@link BatchRunner}, pull what waits whenever they are free; the call is
 * completed once, with all of its results in order or with one {@link Failure}.
 *
 * <p>{@link DynamicBatcher} is the one with threads; {@link SteppedBatcher} decides the same
 * without any, for simulations. Who shares a batch is a {@link Selection}; what happens is told to
 * a {@link BatchObserver}. The state and all that changes it is in {@code BatchCore}, behind one
 * lock.
 */
@NullMarked
package dev.sluice.batching;

import org.jspecify.annotations.NullMarked;
