// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Detail;
import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.Latencies;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.ReportedOptions;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Schedule;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The report of ghz's own printer tests, and a small run. */
public final class Sample {
  static final OffsetDateTime DATE = OffsetDateTime.parse("2026-05-01T12:00:00.000000001+02:00");
  private static final long MILLI = 1_000_000;

  private Sample() {}

  static Report ghz(String name, ReportedOptions options) {
    Map<String, Long> errors =
        Map.of(
            "rpc error: code = Internal desc = Internal error.", 3L,
            "rpc error: code = DeadlineExceeded desc = Deadline exceeded.", 2L);
    Map<String, Long> statuses = Map.of("OK", 195L, "Internal", 3L, "DeadlineExceeded", 2L);
    Figures figures =
        new Figures(
            200,
            2_000 * MILLI,
            10 * MILLI,
            MILLI,
            100 * MILLI,
            2000,
            List.of(
                new Figures.Percentile(25, MILLI),
                new Figures.Percentile(50, 5 * MILLI),
                new Figures.Percentile(75, 10 * MILLI),
                new Figures.Percentile(90, 15 * MILLI),
                new Figures.Percentile(95, 20 * MILLI),
                new Figures.Percentile(99, 25 * MILLI)),
            List.of(
                new Figures.Bucket(0.01, 1, 0.005),
                new Figures.Bucket(0.02, 10, 0.01),
                new Figures.Bucket(0.03, 50, 0.1),
                new Figures.Bucket(0.05, 60, 0.15),
                new Figures.Bucket(0.1, 15, 0.07)));
    return new Report(
        DATE,
        "normal",
        named(options, name),
        figures,
        new TreeMap<>(errors),
        new TreeMap<>(statuses),
        Details.of(
            List.of(
                new Detail(nanos(DATE), 9 * MILLI, MILLI, "", "OK"),
                new Detail(nanos(DATE), 9 * MILLI, 1_430_000, "a, \"b\"=c\nd", "Internal"))),
        new TreeMap<>(),
        LatencyFrom.SEND,
        null,
        List.of());
  }

  static ReportedOptions greeter() {
    return ReportedOptions.NONE
        .with(
            new ReportedOptions.Target(
                "helloworld.Greeter.SayHello",
                "0.0.0.0:50051",
                "/apis/greeter.proto",
                "",
                List.of(),
                false))
        .with(new ReportedOptions.Load(0, Schedule.CONST, 50, Schedule.CONST, 200, false, 0))
        .with(
            new ReportedOptions.Payload(
                Map.of("name", "Bob Smith"), false, Map.of("foo bar", "biz baz")));
  }

  static ReportedOptions named(ReportedOptions options, String name) {
    return new ReportedOptions(
        options.target(),
        options.security(),
        options.load(),
        options.limits(),
        options.payload(),
        options.cpus(),
        name,
        options.skipFirst(),
        options.countErrors());
  }

  /**
   * Response times of 1 to {@code count} ms, each sent 1 ms late; and as many failures as given.
   */
  public static RunResult run(int count, int failed) {
    return run(count, failed, null, List.of());
  }

  public static RunResult run(
      int count, int failed, @Nullable SelfCheck check, List<Verdict> verdicts) {
    Histogram response = new Histogram(3);
    Histogram service = new Histogram(3);
    long sum = 0;
    for (int i = 1; i <= count; i++) {
      response.recordValue(i * MILLI);
      service.recordValue((i - 1) * MILLI);
      sum += i * MILLI;
    }
    Interval first = new Interval(0, 1_000 * MILLI, response, service, failed, 2);
    Interval second =
        new Interval(1_000 * MILLI, 1_000 * MILLI, new Histogram(3), new Histogram(3), 0, 1);
    return new RunResult(
        DATE,
        EndReason.NORMAL,
        named(greeter(), "a<b>&\"c\""),
        count + failed,
        2_000 * MILLI,
        LatencyFrom.INTENDED,
        new Latencies(response, service, sum, sum - count * MILLI),
        failed == 0 ? Map.of() : Map.of("<script>alert(1)</script>", (long) failed),
        failed == 0 ? Map.of("OK", (long) count) : Map.of("OK", (long) count, "Internal", 1L),
        List.of(first, second),
        Details.of(List.of()),
        new OwnCounts(3, new Histogram(3), 0, Map.of()),
        check,
        new ServerStatistics(List.of(new ServerStatistics.Stage("queue", 7, MILLI)), Map.of(8, 5L)),
        verdicts,
        Map.of("team", "<i>"));
  }

  /** The same, if so many of its failures were cut off at its end, so long after they were due. */
  public static RunResult cutOff(RunResult run, long calls, long millis) {
    Histogram times = new Histogram(3);
    times.recordValueWithCount(millis * MILLI, calls);
    return with(run, new OwnCounts(3, times, 0, Map.of()));
  }

  /** One call, and what it failed with. */
  static RunResult failing(String error) {
    RunResult run = run(0, 1);
    return new RunResult(
        run.date(),
        run.endReason(),
        run.options(),
        run.count(),
        run.totalNanos(),
        run.latencyFrom(),
        run.latencies(),
        Map.of(error, 1L),
        run.statuses(),
        run.intervals(),
        run.details(),
        run.own(),
        run.selfCheck(),
        run.server(),
        run.verdicts(),
        run.tags());
  }

  static RunResult with(RunResult run, OwnCounts own) {
    return new RunResult(
        run.date(),
        run.endReason(),
        run.options(),
        run.count(),
        run.totalNanos(),
        run.latencyFrom(),
        run.latencies(),
        run.errors(),
        run.statuses(),
        run.intervals(),
        run.details(),
        own,
        run.selfCheck(),
        run.server(),
        run.verdicts(),
        run.tags());
  }

  static String written(ReportFormat format, Report report) {
    StringWriter out = new StringWriter();
    try {
      format.write(report, out);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    return out.toString();
  }

  static String golden(String name) {
    try (InputStream in = Objects.requireNonNull(Sample.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  static long nanos(OffsetDateTime date) {
    return date.toEpochSecond() * 1_000_000_000L + date.getNano();
  }
}
