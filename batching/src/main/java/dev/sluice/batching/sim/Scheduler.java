// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.List;

/**
 * A policy: decides which requests run together, and when. Is asked for work after every event, so
 * a policy that wants to act at a certain moment sets an alarm that does nothing.
 */
interface Scheduler {
  /** A request has come. One that is refused is forgotten. */
  void arrived(Request request);

  /** How long the request is when it reaches the server, its client having padded it or not. */
  default int tokens(Request request) {
    return request.tokens();
  }

  /** What the lane, which is free, is to run now; empty for nothing. */
  List<Request> next(int lane);

  /** What the lane ran last has been answered. */
  void ran(int lane);
}
