// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.time.Duration;

/** What a model promises, over a sliding window. */
public sealed interface Objective {
  /** Unique within its model. */
  String name();

  Target target();

  Duration window();

  /** Fewer requests than this in the window are too few to pass. */
  long minRequests();

  /**
   * So many percent of the answered requests take no longer than the bound. A request is late or
   * not within the resolution of the histograms (0.8 %).
   */
  record Latency(String name, Target target, Duration under, Duration window, long minRequests)
      implements Objective {}

  /** So many percent of the requests are answered; {@link Blame} says which do not count. */
  record Availability(String name, Target target, Duration window, long minRequests)
      implements Objective {}
}
