// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.IntervalHistory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link HlogWriter} wrote, and other logs of HdrHistogram: a line without a tag is a
 * response time. Numbers of lines and of characters in them are bounded, and what is kept of them
 * does not grow with the log.
 */
public final class HlogReader {
  private static final int MOST_LINES = 1_000_000;
  private static final int DIGITS = 3;
  private static final Pattern START =
      Pattern.compile("#\\[(?:StartTime|BaseTime): ([0-9.]{1,20})\\b.*");
  private static final Pattern COUNTS =
      Pattern.compile("#\\[Sluice: errors=([0-9]{1,18}) inflight=([0-9]{1,18})]");

  private final String name;
  private final Histogram response = new Histogram(DIGITS);
  private final Histogram service = new Histogram(DIGITS);
  private final IntervalHistory history = new IntervalHistory();
  private @Nullable Interval last;
  private long errors;
  private long end;
  private long startNanos;
  private int line;

  private HlogReader(String name) {
    this.name = name;
  }

  /**
   * All of a log.
   *
   * @param startEpochNanos when its run began
   * @param response times of all intervals
   * @param service times of all intervals
   * @param endNanos of the last interval, since the run began
   * @param intervals in a bounded number, and less finely
   */
  public record Log(
      long startEpochNanos,
      Histogram response,
      Histogram service,
      long errors,
      long endNanos,
      List<Interval> intervals) {
    public Log {
      intervals = List.copyOf(intervals);
    }
  }

  /**
   * @throws ReportException if a line is not what it should be; the message says which
   */
  public static Log read(Path file) {
    HlogReader reader = new HlogReader(file.toString());
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        reader.line(text);
      }
    } catch (IOException failure) {
      throw new ReportException(file + ": cannot be read: " + failure, failure);
    }
    if (reader.last == null) {
      throw new ReportException(file + ": has no interval of a histogram");
    }
    reader.keepLast();
    return new Log(
        reader.startNanos,
        reader.response,
        reader.service,
        reader.errors,
        reader.end,
        reader.history.intervals());
  }

  private void line(String text) {
    line++;
    if (line > MOST_LINES) {
      throw wrong("too long");
    }
    try {
      Matcher start = START.matcher(text);
      Matcher counts = COUNTS.matcher(text);
      if (start.matches()) {
        startNanos = HlogLine.nanos(start.group(1));
      } else if (counts.matches() && last != null) {
        counts(last, Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2)));
      } else if (!text.startsWith("#") && !text.startsWith("\"") && !text.isBlank()) {
        histogram(
            HlogLine.parse(text).orElseThrow(() -> wrong("not a line of an HdrHistogram log")));
      }
    } catch (NumberFormatException failure) {
      throw wrong("a number is none");
    } catch (IllegalArgumentException failure) {
      throw wrong(String.valueOf(failure.getMessage()));
    }
  }

  private void counts(Interval of, long failed, long inFlight) {
    last =
        new Interval(
            of.startNanos(), of.lengthNanos(), of.response(), of.service(), failed, inFlight);
  }

  private void histogram(HlogLine read) {
    long start = read.startNanos();
    long length = read.lengthNanos();
    Histogram histogram = read.histogram();
    Interval before = last;
    if (HlogWriter.SERVICE.equals(read.tag())) {
      if (before == null || before.startNanos() != start) {
        throw wrong("service times without response times of the same interval");
      }
      last = new Interval(start, length, before.response(), histogram, 0, 0);
    } else {
      keepLast();
      last = new Interval(start, length, histogram, histogram, 0, 0);
    }
  }

  /** The last interval has all its lines. */
  private void keepLast() {
    Interval whole = last;
    if (whole != null) {
      response.add(whole.response());
      service.add(whole.service());
      errors += whole.errors();
      end = Math.max(end, whole.startNanos() + whole.lengthNanos());
      history.add(whole);
    }
  }

  private ReportException wrong(String why) {
    return new ReportException(name + ": line " + line + ": " + why);
  }
}
