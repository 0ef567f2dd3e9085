// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** Why a call was not answered with results. */
public sealed interface Failure {
  /** A budget of waiting work is full; trying again after {@code retryAfterNanos} makes sense. */
  record QueueFull(Budget limit, long retryAfterNanos) implements Failure {}

  /** There is more to do than can be done, and others matter more, or were first. */
  record Shed(long retryAfterNanos) implements Failure {}

  /** The answer would have come after the deadline; nothing was spent on it. */
  record WouldBeLate(long retryAfterNanos) implements Failure {}

  /**
   * One item exceeds what any batch may be, or the call alone exceeds what may ever wait; trying
   * again never helps.
   */
  record TooLarge(Budget limit, long asked, long allowed) implements Failure {}

  /** The deadline passed before the call could start to run. */
  record Expired() implements Failure {}

  /** The caller took the call back. */
  record Cancelled() implements Failure {}

  /** The batcher takes no more work. */
  record Closed() implements Failure {}

  /** No lane is fit to run anything; the next one is tried after {@code retryAfterNanos}. */
  record NoLane(long retryAfterNanos) implements Failure {}

  /** The runner failed on an item of this call. */
  record RunFailed(Throwable cause) implements Failure {}
}
