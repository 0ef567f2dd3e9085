// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.time.Duration;

/**
 * Everything that can go wrong with a request, in words for the client: no path, class name or
 * stack trace. Each transport maps these to its own codes in one place.
 */
public sealed interface Problem {
  /** What was wrong, and what would be right. */
  String message();

  /** A part of the request is malformed; {@code field} says which. */
  record Invalid(String field, String message) implements Problem {}

  /** The request is larger than the server takes. */
  record TooLarge(String message) implements Problem {}

  /** There is no such model, version or variant. */
  record NotFound(String message) implements Problem {}

  /** The model exists but cannot do this. */
  record WrongTask(String message) implements Problem {}

  /** Not something that this server does. */
  record Unsupported(String message) implements Problem {}

  /** A queue or budget is full, or the answer would come too late. */
  record Overloaded(String message, Duration retryAfter) implements Problem {}

  /** The deadline passed before the model could run. */
  record DeadlinePassed(String message) implements Problem {}

  /** The client took its request back. */
  record Cancelled(String message) implements Problem {}

  /** Loading, unloading or draining. */
  record Unavailable(String message, Duration retryAfter) implements Problem {}

  /** The model failed on this input, or the server on itself; the id finds it in the log. */
  record Internal(String message, String errorId) implements Problem {}
}
