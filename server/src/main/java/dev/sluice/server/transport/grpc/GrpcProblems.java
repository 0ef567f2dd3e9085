// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.server.core.Problem;
import dev.sluice.server.telemetry.Outcome;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place where a {@link Problem} becomes a gRPC status: a code, the message, the details of
 * {@code google.rpc}, and how long a client with a retry policy shall wait.
 */
final class GrpcProblems {
  static final Metadata.Key<String> RETRY_PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String DOMAIN = "sluice";
  private static final String NEVER = "-1";

  /** Keeps the trailers, the details included, well below what clients take as headers. */
  private static final int LONGEST_MESSAGE = 1024;

  private GrpcProblems() {}

  static Status.Code code(Problem problem) {
    return switch (problem) {
      case Problem.Invalid p -> Status.Code.INVALID_ARGUMENT;
      case Problem.TooLarge p -> Status.Code.RESOURCE_EXHAUSTED;
      case Problem.NotFound p -> Status.Code.NOT_FOUND;
      case Problem.WrongTask p -> Status.Code.FAILED_PRECONDITION;
      case Problem.Unsupported p -> Status.Code.UNIMPLEMENTED;
      case Problem.Overloaded p -> Status.Code.RESOURCE_EXHAUSTED;
      case Problem.DeadlinePassed p -> Status.Code.DEADLINE_EXCEEDED;
      case Problem.Cancelled p -> Status.Code.CANCELLED;
      case Problem.Unavailable p -> Status.Code.UNAVAILABLE;
      case Problem.Internal p -> Status.Code.INTERNAL;
    };
  }

  /** What a status says where there is no problem to go with it; null for success. */
  static @Nullable Outcome outcome(Status.Code code) {
    return switch (code) {
      case OK -> null;
      case CANCELLED, ABORTED -> Outcome.CANCELLED;
      case INVALID_ARGUMENT, OUT_OF_RANGE, UNAUTHENTICATED, PERMISSION_DENIED, ALREADY_EXISTS ->
          Outcome.INVALID;
      case NOT_FOUND -> Outcome.NOT_FOUND;
      case FAILED_PRECONDITION -> Outcome.WRONG_TASK;
      case UNIMPLEMENTED -> Outcome.UNSUPPORTED;
      // What is over the limit of a queue has a problem; gRPC itself refuses long messages so.
      case RESOURCE_EXHAUSTED -> Outcome.TOO_LARGE;
      case DEADLINE_EXCEEDED -> Outcome.DEADLINE_PASSED;
      case UNAVAILABLE -> Outcome.UNAVAILABLE;
      case UNKNOWN, INTERNAL, DATA_LOSS -> Outcome.INTERNAL;
    };
  }

  static String message(Problem problem) {
    String message = problem.message();
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE) + "...";
  }

  /** Milliseconds after which another try makes sense, at least 1; 0 when none does. */
  static long retryAfterMillis(Problem problem) {
    Duration wait =
        switch (problem) {
          case Problem.Overloaded p -> p.retryAfter();
          case Problem.Unavailable p -> p.retryAfter();
          default -> Duration.ofMillis(-1);
        };
    return wait.isNegative() ? 0 : Math.max(1, wait.toMillis());
  }

  static StatusRuntimeException exception(Problem problem) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code(problem).value())
            .setMessage(message(problem));
    for (Message detail : details(problem)) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build(), trailers(problem));
  }

  private static List<Message> details(Problem problem) {
    List<Message> details = new ArrayList<>();
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason(problem));
    if (problem instanceof Problem.Internal internal) {
      info.putMetadata("error_id", internal.errorId());
    }
    details.add(info.build());
    if (problem instanceof Problem.Invalid invalid) {
      details.add(
          BadRequest.newBuilder()
              .addFieldViolations(
                  BadRequest.FieldViolation.newBuilder()
                      .setField(invalid.field())
                      .setDescription(message(problem)))
              .build());
    }
    long retry = retryAfterMillis(problem);
    if (retry > 0) {
      details.add(RetryInfo.newBuilder().setRetryDelay(Durations.fromMillis(retry)).build());
    }
    return details;
  }

  private static Metadata trailers(Problem problem) {
    Metadata trailers = new Metadata();
    long retry = retryAfterMillis(problem);
    if (retry > 0) {
      trailers.put(RETRY_PUSHBACK, Long.toString(retry));
    } else if (retryableCode(problem)) {
      trailers.put(RETRY_PUSHBACK, NEVER);
    }
    return trailers;
  }

  /** Whether a client would try again on the code alone, though it would be for nothing. */
  private static boolean retryableCode(Problem problem) {
    return problem instanceof Problem.TooLarge
        || problem instanceof Problem.Overloaded
        || problem instanceof Problem.Unavailable;
  }

  private static String reason(Problem problem) {
    return switch (problem) {
      case Problem.Invalid p -> "INVALID";
      case Problem.TooLarge p -> "TOO_LARGE";
      case Problem.NotFound p -> "NOT_FOUND";
      case Problem.WrongTask p -> "WRONG_TASK";
      case Problem.Unsupported p -> "UNSUPPORTED";
      case Problem.Overloaded p -> "OVERLOADED";
      case Problem.DeadlinePassed p -> "DEADLINE_PASSED";
      case Problem.Cancelled p -> "CANCELLED";
      case Problem.Unavailable p -> "UNAVAILABLE";
      case Problem.Internal p -> "INTERNAL";
    };
  }
}
