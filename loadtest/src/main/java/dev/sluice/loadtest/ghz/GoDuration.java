// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 300ms}, {@code 1.5s}, {@code 1h30m}, {@code 0}. */
final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,30}\\.?\\d{0,30}|\\.\\d{1,30})(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("-?(?:" + PART.pattern() + "){1,32}");
  private static final long SECOND = 1_000_000_000L;

  /** Eleven years, so that no sum of them and a clock is too much for 64 bits of nanoseconds. */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(100_000L * 3_600 * SECOND);

  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", SECOND,
          "m", 60 * SECOND,
          "h", 3_600 * SECOND);

  private GoDuration() {}

  /** Never negative, as no flag has a use for that; at most 100,000 hours. */
  static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!WHOLE.matcher(text).matches()) {
      String bare = text.matches("\\d{1,18}") ? " (a unit is missing)" : "";
      throw new IllegalArgumentException("wants a duration such as 300ms, 1.5s or 1h30m" + bare);
    }
    if (text.startsWith("-")) {
      throw new IllegalArgumentException("wants a duration that is not negative");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 0L));
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("wants a duration of up to 100000h");
    }
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
  }
}
