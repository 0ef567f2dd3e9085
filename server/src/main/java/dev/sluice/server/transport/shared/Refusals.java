// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.telemetry.Limit;
import org.jspecify.annotations.Nullable;

/** Makes the exceptions that refuse a request, and prints hostile text in them safely. */
public final class Refusals {
  private static final int LONGEST_QUOTE = 64;

  private Refusals() {}

  public static ProblemException invalid(String field, String message) {
    return new ProblemException(new Problem.Invalid(field, field + ": " + message));
  }

  /**
   * @param limit that was hit; null for one that is not counted by itself
   */
  public static ProblemException tooMuch(@Nullable Limit limit, String field, String message) {
    return new ProblemException(new Problem.Invalid(field, field + ": " + message), limit);
  }

  public static ProblemException unsupported(String message) {
    return new ProblemException(new Problem.Unsupported(message));
  }

  public static ProblemException notFound(String message) {
    return new ProblemException(new Problem.NotFound(message));
  }

  /** The text in quotes, without control characters, cut if it is long. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), LONGEST_QUOTE) + 8).append('"');
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .forEach(c -> out.appendCodePoint(printable(c) ? c : '?'));
    if (text.codePointCount(0, text.length()) > LONGEST_QUOTE) {
      out.append("...");
    }
    return out.append('"').toString();
  }

  private static boolean printable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE
        && Character.getType(codePoint) != Character.FORMAT;
  }
}
