// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.server.telemetry.Outcome;

/** Under which name a problem is counted. */
public final class Outcomes {
  private Outcomes() {}

  public static Outcome of(Problem problem) {
    return switch (problem) {
      case Problem.Invalid ignored -> Outcome.INVALID;
      case Problem.TooLarge ignored -> Outcome.TOO_LARGE;
      case Problem.NotFound ignored -> Outcome.NOT_FOUND;
      case Problem.WrongTask ignored -> Outcome.WRONG_TASK;
      case Problem.Unsupported ignored -> Outcome.UNSUPPORTED;
      case Problem.Overloaded ignored -> Outcome.OVERLOADED;
      case Problem.DeadlinePassed ignored -> Outcome.DEADLINE_PASSED;
      case Problem.Cancelled ignored -> Outcome.CANCELLED;
      case Problem.Unavailable ignored -> Outcome.UNAVAILABLE;
      case Problem.Internal ignored -> Outcome.INTERNAL;
    };
  }
}
