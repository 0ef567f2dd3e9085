// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and writes numbers with units: {@code 25s}, {@code 500ms}, {@code 64MiB}. */
public final class Quantities {
  /** At most twelve digits, so that no unit can overflow a long. */
  private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12}) ?([A-Za-z]{0,3})");

  private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB"};

  private Quantities() {}

  /** A number without sign or unit; empty if it is anything else. */
  static Optional<Long> wholeNumber(String text) {
    return text.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /** A number with one of ms, s, m, h; a bare 0 needs no unit. */
  public static Optional<Duration> duration(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Optional.of(Duration.ofMillis(number));
      case "s" -> Optional.of(Duration.ofSeconds(number));
      case "m" -> Optional.of(Duration.ofMinutes(number));
      case "h" -> Optional.of(Duration.ofHours(number));
      case "" -> number == 0 ? Optional.of(Duration.ZERO) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** In the largest unit that gives a whole number. */
  public static String printDuration(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
  }

  /** Bytes, or a number with one of B, KiB, MiB, GiB. */
  static Optional<Long> size(String text) {
    Matcher matcher = NUMBER_AND_UNIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "", "B" -> Optional.of(number);
      case "KiB" -> Optional.of(number << 10);
      case "MiB" -> Optional.of(number << 20);
      case "GiB" -> number < 1L << 33 ? Optional.of(number << 30) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** In the largest unit that gives a whole number. */
  public static String printSize(long bytes) {
    int unit = 0;
    long number = bytes;
    while (number != 0 && number % 1024 == 0 && unit < SIZE_UNITS.length - 1) {
      number /= 1024;
      unit++;
    }
    return unit == 0 ? String.valueOf(number) : number + SIZE_UNITS[unit];
  }
}
