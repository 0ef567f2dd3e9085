// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** A caller's hold on a call that it submitted. */
@FunctionalInterface
public interface Ticket {
  /**
   * Takes the call back. What still waits will not run and the call fails with {@link
   * Failure.Cancelled}; does nothing when the call is already complete. An item that runs already
   * runs to its end and its result is dropped.
   */
  void cancel();
}
