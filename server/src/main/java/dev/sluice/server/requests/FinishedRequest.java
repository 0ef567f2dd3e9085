// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.Outcomes;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a request that has ended. Names that the client gave are as it gave
 * them, of any length.
 *
 * @param requestId empty for none
 * @param route empty where no rule took the path
 * @param asked null if the request could not be read that far
 * @param model who took it; null for nobody
 * @param rows 0 if it never came to the queue
 * @param batchRows of the largest batch that it was part of; 0 if none ran
 * @param texts empty unless they were asked for
 * @param problem null unless somebody said what was wrong
 */
public record FinishedRequest(
    RequestHead head,
    String requestId,
    String route,
    @Nullable ModelRef asked,
    String tenant,
    @Nullable ModelLabels model,
    int rows,
    long tokens,
    int batchRows,
    List<String> texts,
    Stages stages,
    @Nullable Problem problem,
    RequestEnd end) {

  /** The request's id, else that of its headers; empty for none. */
  public String knownAs() {
    String header = requestId.isEmpty() ? head.header("x-request-id") : requestId;
    return header == null ? "" : header;
  }

  /** Null for success. */
  public @Nullable Outcome outcome() {
    return outcome(problem, end);
  }

  static @Nullable Outcome outcome(@Nullable Problem problem, RequestEnd end) {
    return problem == null ? end.outcome() : Outcomes.of(problem);
  }

  public String outcomeLabel() {
    Outcome outcome = outcome();
    return outcome == null ? "ok" : outcome.label();
  }

  /** What the client was told; empty on success. */
  public String reason() {
    return problem == null ? end.reason() : problem.message();
  }

  /** By which the log of the server can be searched; empty for none. */
  public String errorId() {
    return problem instanceof Problem.Internal internal ? internal.errorId() : "";
  }
}
