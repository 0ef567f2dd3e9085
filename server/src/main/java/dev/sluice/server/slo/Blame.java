// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import dev.sluice.server.telemetry.Outcome;

/** Which requests that were not answered count against availability. */
final class Blame {
  private Blame() {}

  /** The server's failures do; a client's mistakes, and calls it took back, count as nothing. */
  static boolean onServer(Outcome outcome) {
    return switch (outcome) {
      case OVERLOADED, DEADLINE_PASSED, UNAVAILABLE, INTERNAL -> true;
      case INVALID, TOO_LARGE, NOT_FOUND, WRONG_TASK, UNSUPPORTED, CANCELLED -> false;
    };
  }
}
