// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why something failed, in one line without names of classes. */
final class Reasons {
  private static final int MOST_CAUSES = 20;
  private static final int MOST_TEXT = 300;

  /** Netty's epoll names the call that failed, and the number of its error. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

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
    String line = SYSTEM_CALL.matcher(reason).replaceFirst("").replaceAll("\\s+", " ").strip();
    return line.length() > MOST_TEXT ? line.substring(0, MOST_TEXT) : line;
  }
}
