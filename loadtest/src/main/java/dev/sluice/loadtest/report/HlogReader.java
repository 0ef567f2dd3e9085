// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Interval;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Reads what {@link HlogWriter} wrote, and other logs of HdrHistogram: a line without a tag is a
 * response time. Numbers of lines and of characters in them are bounded.
 */
public final class HlogReader {
  private static final int MOST_LINES = 1_000_000;
  private static final int MOST_LENGTH = 4_000_000;
  private static final double SECOND = 1e9;
  private static final Pattern START =
      Pattern.compile("#\\[(?:StartTime|BaseTime): ([0-9.]{1,20})\\b.*");
  private static final Pattern COUNTS =
      Pattern.compile("#\\[Sluice: errors=([0-9]{1,18}) inflight=([0-9]{1,18})]");
  private static final Pattern LINE =
      Pattern.compile("(?:Tag=([^, ]*),)?([0-9.]{1,20}),([0-9.]{1,20}),[0-9.E+-]{1,30},(\\S+)");

  private final String name;
  private final List<Interval> intervals = new ArrayList<>();
  private long startNanos;
  private int line;

  private HlogReader(String name) {
    this.name = name;
  }

  /**
   * @param startEpochNanos when its run began
   */
  public record Log(long startEpochNanos, List<Interval> intervals) {}

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
    if (reader.intervals.isEmpty()) {
      throw new ReportException(file + ": has no interval of a histogram");
    }
    return new Log(reader.startNanos, List.copyOf(reader.intervals));
  }

  private void line(String text) {
    line++;
    if (line > MOST_LINES || text.length() > MOST_LENGTH) {
      throw wrong("too long");
    }
    try {
      Matcher start = START.matcher(text);
      Matcher counts = COUNTS.matcher(text);
      Matcher histogram = LINE.matcher(text);
      if (start.matches()) {
        startNanos = nanos(start.group(1));
      } else if (counts.matches() && !intervals.isEmpty()) {
        counts(Long.parseLong(counts.group(1)), Long.parseLong(counts.group(2)));
      } else if (histogram.matches()) {
        histogram(histogram);
      } else if (!text.startsWith("#") && !text.startsWith("\"") && !text.isBlank()) {
        throw wrong("not a line of an HdrHistogram log");
      }
    } catch (NumberFormatException failure) {
      throw wrong("a number is none");
    }
  }

  private void counts(long errors, long inFlight) {
    Interval last = intervals.removeLast();
    intervals.add(
        new Interval(
            last.startNanos(),
            last.lengthNanos(),
            last.response(),
            last.service(),
            errors,
            inFlight));
  }

  private void histogram(Matcher fields) {
    long start = nanos(fields.group(2));
    long length = nanos(fields.group(3));
    Histogram histogram = decoded(fields.group(4));
    if (HlogWriter.SERVICE.equals(fields.group(1))) {
      Interval last = intervals.isEmpty() ? null : intervals.getLast();
      if (last == null || last.startNanos() != start) {
        throw wrong("service times without response times of the same interval");
      }
      intervals.removeLast();
      intervals.add(new Interval(start, length, last.response(), histogram, 0, 0));
    } else {
      intervals.add(new Interval(start, length, histogram, histogram, 0, 0));
    }
  }

  private Histogram decoded(String base64) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64));
      return Histogram.decodeFromCompressedByteBuffer(bytes, 0);
    } catch (DataFormatException | RuntimeException failure) {
      // HdrHistogram reports what it cannot decode in several ways
      throw wrong("not a compressed histogram");
    }
  }

  private static long nanos(String seconds) {
    return Math.round(Double.parseDouble(seconds) * SECOND);
  }

  private ReportException wrong(String why) {
    return new ReportException(name + ": line " + line + ": " + why);
  }
}
