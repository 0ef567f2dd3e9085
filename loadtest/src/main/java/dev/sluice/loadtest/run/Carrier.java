// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import io.grpc.Status;

/** Carries the calls of one {@link Loop}; used on it alone. */
@FunctionalInterface
public interface Carrier {
  /**
   * Begins a call.
   *
   * @param connection which of the loop's connections, from 0
   * @param ended told how the call ended, exactly once, on the loop, after this has returned
   */
  Ongoing start(PreparedCall call, int connection, Ended ended);

  /** A call under way. */
  interface Ongoing {
    /** Gives the call up: it ends with this status once this has returned, unless it has ended. */
    void cancel(Status why);
  }

  /** Hears of the end of a call. */
  interface Ended {
    void ended(Status status);

    /** The call goes to the server a second time; before it ends, and once at most. */
    default void resent() {}
  }
}
