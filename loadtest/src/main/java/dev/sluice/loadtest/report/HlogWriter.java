// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Interval;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * HdrHistogram's log of intervals ({@code .hlog}), which its own tools read: response times under
 * the tag {@code response}, service times under {@code service}, in nanoseconds. What an interval
 * counted beside them is a comment after it, which {@link HlogReader} understands. One thread at a
 * time; closing is up to whoever opened the stream.
 */
public final class HlogWriter {
  static final String RESPONSE = "response";
  static final String SERVICE = "service";
  static final String COUNTS = "#[Sluice: ";

  private static final double MILLIS = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double SECOND = 1e9;

  private final PrintStream print;
  private final HistogramLogWriter log;

  /**
   * @param startEpochMillis when the run began, from which the intervals count
   */
  public HlogWriter(OutputStream out, long startEpochMillis) {
    this.print = new PrintStream(out, false, StandardCharsets.UTF_8);
    this.log = new HistogramLogWriter(print);
    log.outputLogFormatVersion();
    print.printf(
        Locale.ROOT, "#[StartTime: %.3f (seconds since epoch)]%n", startEpochMillis / MILLIS);
    log.outputLegend();
  }

  /** Written at once, so that a run that is killed leaves what it measured. */
  public void add(Interval interval) {
    line(RESPONSE, interval.response(), interval);
    line(SERVICE, interval.service(), interval);
    print.print(
        COUNTS + "errors=" + interval.errors() + " inflight=" + interval.inFlight() + "]\n");
    print.flush();
  }

  /** Whether something could not be written. */
  public boolean failed() {
    return print.checkError();
  }

  private void line(String tag, Histogram histogram, Interval interval) {
    double start = interval.startNanos() / SECOND;
    histogram.setTag(tag);
    log.outputIntervalHistogram(
        start, start + interval.lengthNanos() / SECOND, histogram, NANOS_PER_MILLI);
  }
}
