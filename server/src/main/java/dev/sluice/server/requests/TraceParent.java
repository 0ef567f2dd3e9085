// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code traceparent} of W3C Trace Context, where nobody but the log reads it. */
final class TraceParent {
  /** A later version may have more behind the flags. */
  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  private TraceParent() {}

  /** Empty for none, and for what is malformed. */
  static String traceId(@Nullable String header) {
    if (header == null) {
      return "";
    }
    Matcher parts = FORM.matcher(header.strip());
    boolean valid =
        parts.matches()
            && !parts.group(2).equals(NO_TRACE)
            && !parts.group(3).equals(NO_SPAN)
            && (parts.group(4) == null || !parts.group(1).equals("00"));
    return valid ? parts.group(2) : "";
  }
}
