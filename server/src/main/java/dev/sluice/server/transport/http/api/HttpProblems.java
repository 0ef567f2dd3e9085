// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.Problem;
import dev.sluice.server.telemetry.Outcome;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Faults;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where what went wrong becomes a status, headers and a body. */
public final class HttpProblems {
  /** The status of an answer that nobody is left to read. */
  public static final int CLIENT_GONE = 499;

  private static final int LONGEST_MESSAGE = 1024;

  private HttpProblems() {}

  public static ApiResponse of(Flavour flavour, Throwable thrown, Faults faults) {
    if (thrown instanceof StatusException refusal) {
      faults.refused(refusal.outcome(), refusal.limit());
      return response(
          flavour,
          refusal.status(),
          String.valueOf(refusal.getMessage()),
          "",
          "",
          refusal.headers());
    }
    return of(flavour, faults.problem(thrown));
  }

  public static ApiResponse of(Flavour flavour, Problem problem) {
    int status = status(problem);
    Map<String, String> headers = new LinkedHashMap<>();
    if (status == 429 || status == 503) {
      retry(retryAfter(problem), headers);
    } else if (status >= 500) {
      headers.put("x-should-retry", "false");
    }
    String param = problem instanceof Problem.Invalid invalid ? invalid.field() : "";
    String code = problem instanceof Problem.NotFound ? "model_not_found" : "";
    return response(flavour, status, problem.message(), param, code, headers).because(problem);
  }

  /** What a status says where there is no problem to go with it; null for success. */
  public static @Nullable Outcome outcome(int status) {
    return switch (status) {
      case 404 -> Outcome.NOT_FOUND;
      case 413, 414, 431 -> Outcome.TOO_LARGE;
      case 405, 415, 417, 501 -> Outcome.UNSUPPORTED;
      case 429 -> Outcome.OVERLOADED;
      case CLIENT_GONE -> Outcome.CANCELLED;
      case 503 -> Outcome.UNAVAILABLE;
      case 504 -> Outcome.DEADLINE_PASSED;
      default -> status < 400 ? null : status < 500 ? Outcome.INVALID : Outcome.INTERNAL;
    };
  }

  static int status(Problem problem) {
    return switch (problem) {
      case Problem.Invalid p -> 400;
      case Problem.TooLarge p -> 413;
      case Problem.NotFound p -> 404;
      case Problem.WrongTask p -> 400;
      case Problem.Unsupported p -> 501;
      case Problem.Overloaded p -> 429;
      case Problem.DeadlinePassed p -> 504;
      case Problem.Cancelled p -> CLIENT_GONE;
      case Problem.Unavailable p -> 503;
      case Problem.Internal p -> 500;
    };
  }

  private static Duration retryAfter(Problem problem) {
    return switch (problem) {
      case Problem.Overloaded p -> p.retryAfter();
      case Problem.Unavailable p -> p.retryAfter();
      default -> Duration.ofMillis(-1);
    };
  }

  private static void retry(Duration wait, Map<String, String> headers) {
    if (wait.isNegative()) {
      headers.put("x-should-retry", "false");
      return;
    }
    long millis = Math.max(1, wait.toMillis());
    headers.put("retry-after", Long.toString(Math.ceilDiv(millis, 1000L)));
    headers.put("retry-after-ms", Long.toString(millis));
    headers.put("x-should-retry", "true");
  }

  private static ApiResponse response(
      Flavour flavour,
      int status,
      String message,
      String param,
      String code,
      Map<String, String> headers) {
    String shown =
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE) + "...";
    JsonWriter json = new JsonWriter().object().name("error");
    if (flavour == Flavour.OPEN_INFERENCE) {
      json.string(shown);
    } else {
      json.object().name("message").string(shown).name("type").string(type(status));
      orNull(json.name("param"), param);
      orNull(json.name("code"), code);
      json.endObject();
    }
    json.endObject();
    return new ApiResponse(status, ApiResponse.JSON, json.written(), headers, true);
  }

  private static void orNull(JsonWriter json, String text) {
    if (text.isEmpty()) {
      json.nothing();
    } else {
      json.string(text);
    }
  }

  private static String type(int status) {
    return switch (status) {
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_exceeded";
      case 503 -> "service_unavailable";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }
}
