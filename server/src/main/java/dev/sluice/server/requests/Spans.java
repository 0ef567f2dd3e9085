// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

/** Makes spans of requests that have ended. Called by one thread. */
@FunctionalInterface
public interface Spans {
  /**
   * @return the id of the trace that now has the request; empty if none has
   */
  String add(FinishedRequest request);
}
