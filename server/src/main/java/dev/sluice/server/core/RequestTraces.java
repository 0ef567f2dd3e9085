// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/** Follows requests, or not. Safe for any number of threads. */
@FunctionalInterface
public interface RequestTraces {
  /** Follows none. */
  RequestTraces OFF = (head, atNanos) -> RequestTrace.NONE;

  /**
   * A request has begun to arrive.
   *
   * @param atNanos when, on the server's clock
   */
  RequestTrace begin(RequestHead head, long atNanos);
}
