// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import dev.sluice.batching.Failure;
import java.util.Locale;

/** Why a batcher did not answer a call with results; one for each kind of {@link Failure}. */
public enum Drop {
  QUEUE_FULL,
  SHED,
  WOULD_BE_LATE,
  TOO_LARGE,
  EXPIRED,
  CANCELLED,
  CLOSED,
  NO_LANE,
  RUN_FAILED;

  static Drop of(Failure failure) {
    return switch (failure) {
      case Failure.QueueFull ignored -> QUEUE_FULL;
      case Failure.Shed ignored -> SHED;
      case Failure.WouldBeLate ignored -> WOULD_BE_LATE;
      case Failure.TooLarge ignored -> TOO_LARGE;
      case Failure.Expired ignored -> EXPIRED;
      case Failure.Cancelled ignored -> CANCELLED;
      case Failure.Closed ignored -> CLOSED;
      case Failure.NoLane ignored -> NO_LANE;
      case Failure.RunFailed ignored -> RUN_FAILED;
    };
  }

  /** As labels have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
