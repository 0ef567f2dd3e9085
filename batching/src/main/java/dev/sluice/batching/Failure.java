// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** Why a call was not answered with results. */
public sealed interface Failure {
  /** A budget of waiting work is full; trying again after {@code retryAfterNanos} makes sense. */
  record QueueFull(Budget limit, long retryAfterNanos) implements Failure {}

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

  /** The runner failed on an item of this call. */
  record RunFailed(Throwable cause) implements Failure {}
}
