// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sluice's own flags. */
final class TruthReader {
  private static final Pattern STABILITY =
      Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%/(\\d{1,3})x(.{1,40})");
  private static final Pattern SEARCH = Pattern.compile("(\\d{1,9}):(\\d{1,9}):(\\d{1,9})");
  static final String FILE = "file:";

  private TruthReader() {}

  static Truth read(Values values) {
    return new Truth(
        arrival(values.text("arrival")),
        values.number("seed"),
        values.number("max-inflight"),
        values.text("latency-from"),
        values.on("ghz-strict"),
        Percentiles.parse(values.texts("percentiles")),
        values.path("hgrm"),
        values.path("hlog"),
        values.texts("slo"),
        values.set("abort-on-fail")
            ? Optional.of(values.duration("abort-on-fail"))
            : Optional.empty(),
        values.duration("warmup"),
        stability(values.text("stability")),
        search(values.text("find-max-rps")),
        values.text("scenario"),
        values.path("baseline"),
        values.texts("max-regress"),
        values.path("junit"));
  }

  private static Truth.Arrival arrival(String text) {
    if (text.startsWith(FILE) && text.length() > FILE.length()) {
      return new Truth.Trace(Path.of(text.substring(FILE.length())));
    }
    return switch (text) {
      case "const" -> new Truth.Constant();
      case "poisson" -> new Truth.Poisson();
      default -> throw wrong("arrival", "const, poisson or file:PATH", text);
    };
  }

  private static Optional<Truth.Stability> stability(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String wanted = "TOLERANCE%/WINDOWSxDURATION such as 10%/3x5s";
    Matcher parts = STABILITY.matcher(text);
    if (!parts.matches()) {
      throw wrong("stability", wanted, text);
    }
    try {
      double tolerance = Double.parseDouble(parts.group(1)) / 100;
      int windows = Integer.parseInt(parts.group(2));
      Duration window = GoDuration.parse(parts.group(3));
      if (windows < 2 || windows > 100 || window.isZero() || window.toHours() > 1) {
        throw wrong("stability", "2 to 100 windows, each of up to an hour", text);
      }
      return Optional.of(new Truth.Stability(tolerance, windows, window));
    } catch (IllegalArgumentException e) {
      throw wrong("stability", wanted, text);
    }
  }

  private static Optional<Truth.RateSearch> search(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Matcher parts = SEARCH.matcher(text);
    if (!parts.matches()) {
      throw wrong("find-max-rps", "LO:HI:STEP such as 100:5000:100", text);
    }
    int low = Integer.parseInt(parts.group(1));
    int high = Integer.parseInt(parts.group(2));
    int step = Integer.parseInt(parts.group(3));
    if (low < 1 || high <= low || step < 1) {
      throw wrong("find-max-rps", "LO of at least 1, HI above it and a STEP of at least 1", text);
    }
    return Optional.of(new Truth.RateSearch(low, high, step));
  }

  private static OptionsException wrong(String flag, String wanted, String text) {
    return new OptionsException("--" + flag + " wants " + wanted + ", not '" + text + "'");
  }
}
