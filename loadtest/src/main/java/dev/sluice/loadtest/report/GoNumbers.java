// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Numbers and durations as Go prints them, which is what readers of ghz's reports compare with. */
final class GoNumbers {
  private GoNumbers() {}

  /** As {@code encoding/json} does: plain between 1e-6 and 1e21. */
  static String json(double value) {
    return text(value, -6, 21, 1);
  }

  /** As {@code fmt}'s {@code %v}. */
  static String value(double value) {
    return text(value, -4, 21, 2);
  }

  /** As Prometheus' encoder: {@code strconv}'s {@code g} with the fewest digits. */
  static String shortest(double value) {
    return text(value, -4, 6, 2);
  }

  /** With so many decimals, a half to the even one, of the value as it is in memory. */
  static String fixed(double value, int decimals) {
    return Double.isFinite(value)
        ? new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString()
        : notFinite(value);
  }

  /** A duration as {@code time.Duration} prints it: {@code 1h0m5.5s}, {@code 1.5ms}. */
  static String duration(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    BigDecimal left = BigDecimal.valueOf(nanos).abs();
    if (left.compareTo(BigDecimal.valueOf(1_000)) < 0) {
      return sign + plain(left) + "ns";
    }
    if (left.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
      return sign + plain(left.movePointLeft(3)) + "µs";
    }
    if (left.compareTo(BigDecimal.valueOf(1_000_000_000)) < 0) {
      return sign + plain(left.movePointLeft(6)) + "ms";
    }
    BigDecimal seconds = left.movePointLeft(9);
    long minutes = seconds.longValue() / 60;
    String rest = plain(seconds.subtract(BigDecimal.valueOf(minutes * 60))) + "s";
    if (minutes == 0) {
      return sign + rest;
    }
    return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + rest;
  }

  /** The fewest digits that name the value, with an exponent outside of the given powers of ten. */
  private static String text(double value, int least, int most, int exponentDigits) {
    if (!Double.isFinite(value)) {
      return notFinite(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= least && exponent < most) {
      return exact.toPlainString();
    }
    String power = Integer.toString(Math.abs(exponent));
    return plain(exact.movePointLeft(exponent))
        + (exponent < 0 ? "e-" : "e+")
        + "0".repeat(Math.max(0, exponentDigits - power.length()))
        + power;
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static String notFinite(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return value > 0 ? "+Inf" : "-Inf";
  }
}
