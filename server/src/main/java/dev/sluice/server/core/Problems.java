// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Failure;
import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes problems out of what the batcher and the models report; logs what is not the client's. */
final class Problems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Supplier<String> errorIds;
  private final Telemetry telemetry;

  /** Counts nothing. */
  Problems(Supplier<String> errorIds) {
    this(errorIds, new Telemetry(() -> 0));
  }

  Problems(Supplier<String> errorIds, Telemetry telemetry) {
    this.errorIds = errorIds;
    this.telemetry = telemetry;
  }

  /** What to answer to a request that has not reached a model; counts it. */
  Problem refused(Throwable cause) {
    Problem problem = unforeseen(cause);
    telemetry.refused(Outcomes.of(problem));
    return problem;
  }

  void limitHit(Limit limit) {
    telemetry.limitHit(limit);
  }

  static ProblemException invalid(String field, String message) {
    return new ProblemException(new Problem.Invalid(field, message));
  }

  static ProblemException tooMuch(Limit limit, String field, String message) {
    return new ProblemException(new Problem.Invalid(field, message), limit);
  }

  static ProblemException notFound(String message) {
    return new ProblemException(new Problem.NotFound(message));
  }

  static ProblemException unavailable(String message) {
    return new ProblemException(new Problem.Unavailable(message, SOON));
  }

  /** The device on which the model runs is lost to this process: another server may answer. */
  static ProblemException lost(String model) {
    return unavailable("model '" + model + "' is out of service: " + DeviceLoss.TOLD);
  }

  /** What becomes of a request that the deployment was to answer. */
  Problem ofFailure(Failure failure, Deployment deployment) {
    boolean broken = failure instanceof Failure.RunFailed || failure instanceof Failure.NoLane;
    return broken && deployment.lost().isPresent()
        ? lost(deployment.name()).problem()
        : ofFailure(failure, deployment.name());
  }

  private Problem ofFailure(Failure failure, String model) {
    return switch (failure) {
      case Failure.QueueFull full ->
          new Problem.Overloaded(
              "the queue of model '" + model + "' is full (" + full.limit() + ")",
              Duration.ofNanos(full.retryAfterNanos()));
      case Failure.TooLarge large ->
          new Problem.Invalid(
              "inputs",
              "model '%s' takes at most %d %s in one piece, got %d"
                  .formatted(model, large.allowed(), large.limit(), large.asked()));
      case Failure.Shed shed ->
          new Problem.Overloaded(
              "model '" + model + "' has more to do than it can, and others matter more",
              Duration.ofNanos(shed.retryAfterNanos()));
      case Failure.WouldBeLate late ->
          new Problem.Overloaded(
              "model '" + model + "' could not answer before the deadline",
              Duration.ofNanos(late.retryAfterNanos()));
      case Failure.NoLane out ->
          new Problem.Unavailable(
              "model '" + model + "' fails on everything, and is tried again",
              Duration.ofNanos(out.retryAfterNanos()));
      case Failure.Expired ignored ->
          new Problem.DeadlinePassed(
              "the deadline passed before model '" + model + "' could run the request");
      case Failure.Cancelled ignored -> new Problem.Cancelled("the request was cancelled");
      case Failure.Closed ignored ->
          new Problem.Unavailable("model '" + model + "' is being unloaded", SOON);
      case Failure.RunFailed failed -> modelFailed(model, failed.cause());
    };
  }

  /** The model's engine refused or failed: the reason goes to the log, an id to the client. */
  Problem modelFailed(String model, Throwable cause) {
    String id = errorIds.get();
    log.error("model '{}' failed on a request (error id {})", model, id, cause);
    return new Problem.Internal(
        "model '" + model + "' failed on this input (error id " + id + ")", id);
  }

  /** Anything that nobody foresaw. What somebody did may be a limit that was hit: counts it. */
  Problem unforeseen(Throwable cause) {
    if (cause instanceof ProblemException known) {
      Limit limit = known.limit();
      if (limit != null) {
        limitHit(limit);
      }
      return known.problem();
    }
    String id = errorIds.get();
    log.error("a request failed unexpectedly (error id {})", id, cause);
    return new Problem.Internal("internal error (error id " + id + ")", id);
  }
}
