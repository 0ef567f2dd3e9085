// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.server.core.Outcomes;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Outcome;
import dev.sluice.server.telemetry.Telemetry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever was thrown into a {@link Problem}. What nobody foresaw goes to the log under an
 * error id, and only the id goes to the client. Every refusal of a transport passes here once, to
 * be counted, with the limit that it is for if it is for one.
 */
public final class Faults {
  private static final Logger log = LoggerFactory.getLogger(Faults.class);

  private final Supplier<String> errorIds;
  private final Telemetry telemetry;

  public Faults(Supplier<String> errorIds, Telemetry telemetry) {
    this.errorIds = errorIds;
    this.telemetry = telemetry;
  }

  public Problem problem(Throwable thrown) {
    Problem problem = of(thrown);
    if (thrown instanceof ProblemException refusal) {
      refused(Outcomes.of(problem), refusal.limit());
    } else {
      telemetry.refused(Outcomes.of(problem));
    }
    return problem;
  }

  /** Counts a refusal that was made without an exception, or with another one. */
  public void refused(Outcome outcome, @Nullable Limit limit) {
    telemetry.refused(outcome);
    if (limit != null) {
      telemetry.limitHit(limit);
    }
  }

  private Problem of(Throwable thrown) {
    if (thrown instanceof ProblemException refusal) {
      return refusal.problem();
    }
    String id = errorIds.get();
    log.error("A request failed; error id {}", id, thrown);
    return new Problem.Internal("the server failed on this request; error id " + id, id);
  }
}
