// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

/** Finds the words in a chain of causes that say what happened. */
final class Failures {
  private static final int MAX_LENGTH = 500;

  private Failures() {}

  /** The message of the deepest cause that has one: the engines wrap theirs in empty shells. */
  static String describe(Throwable failure) {
    String message = failure.getClass().getSimpleName();
    int depth = 0;
    for (Throwable t = failure; t != null && depth < 20; t = t.getCause(), depth++) {
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        message = t.getMessage();
      }
    }
    message = NativeMessage.plain(message);
    return message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "...";
  }
}
