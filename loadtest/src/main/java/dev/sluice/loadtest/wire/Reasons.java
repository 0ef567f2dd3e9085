// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import org.jspecify.annotations.Nullable;

/** Why something failed, in one line without names of classes. */
final class Reasons {
  private static final int MOST_CAUSES = 20;
  private static final int MOST_TEXT = 300;

  private Reasons() {}

  /** The message of the innermost cause that has one. */
  static String of(Throwable failure) {
    String reason = "unknown reason";
    @Nullable Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        reason = message;
      }
      if (cause.getClass().getSimpleName().equals("NotSslRecordException")) {
        return "the server does not speak TLS (--insecure is for such)";
      }
      cause = cause.getCause();
    }
    String line = reason.replaceAll("\\s+", " ").strip();
    return line.length() > MOST_TEXT ? line.substring(0, MOST_TEXT) : line;
  }
}
