// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import java.util.Locale;

/** Why a request was not answered; one for each kind of problem that a client can be told of. */
public enum Outcome {
  INVALID("OTHER"),
  TOO_LARGE("REJECTED"),
  NOT_FOUND("OTHER"),
  WRONG_TASK("OTHER"),
  UNSUPPORTED("OTHER"),
  OVERLOADED("REJECTED"),
  DEADLINE_PASSED("REJECTED"),
  CANCELLED("CANCELED"),
  UNAVAILABLE("REJECTED"),
  INTERNAL("BACKEND");

  private final String tritonReason;

  Outcome(String tritonReason) {
    this.tritonReason = tritonReason;
  }

  /** As labels have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason that Triton's failure counter would give. */
  String tritonReason() {
    return tritonReason;
  }
}
