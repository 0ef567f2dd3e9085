// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.Schedule;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * Prometheus' text format with ghz's names, units and labels, and ghz's histogram as ghz has it:
 * its buckets are not cumulative and its sum is the run's duration. The histograms under {@code
 * sluice_} are what a histogram should be, in seconds.
 */
final class PrometheusFormat {
  private static final double SECOND = 1e9;
  private static final List<Long> BOUNDS_MICROS =
      List.of(
          100L,
          250L,
          500L,
          1_000L,
          2_500L,
          5_000L,
          10_000L,
          25_000L,
          50_000L,
          100_000L,
          250_000L,
          500_000L,
          1_000_000L,
          2_500_000L,
          5_000_000L,
          10_000_000L);

  private final Writer out;
  private final String labels;

  private PrometheusFormat(Writer out, String labels) {
    this.out = out;
    this.labels = labels;
  }

  static void write(Report report, Writer out) throws IOException {
    PrometheusFormat format = new PrometheusFormat(out, labels(report));
    format.ghz(report);
    if (report.run() != null) {
      format.own(report.run());
      format.percentiles(Columns.of(report.run(), report.percentiles()));
    }
  }

  private void ghz(Report report) throws IOException {
    Figures figures = report.figures();
    gauge("ghz_run_count", figures.count());
    gauge("ghz_run_total", figures.totalNanos());
    gauge("ghz_run_average", figures.averageNanos());
    gauge("ghz_run_fastest", figures.fastestNanos());
    gauge("ghz_run_slowest", figures.slowestNanos());
    gauge("ghz_run_rps", figures.perSecond());
    type("ghz_run_histogram", "histogram");
    for (Figures.Bucket bucket : figures.buckets()) {
      bucket("ghz_run_histogram", GoNumbers.shortest(bucket.markSeconds()), bucket.count());
    }
    bucket("ghz_run_histogram", "+Inf", figures.count());
    sumAndCount("ghz_run_histogram", figures.totalNanos(), figures.count());
    type("ghz_run_latency", "summary");
    for (Figures.Percentile percentile : figures.percentiles()) {
      String quantile = GoNumbers.shortest(percentile.percentage() / 100.0);
      line("ghz_run_latency", ",quantile=\"" + quantile + "\"", percentile.nanos());
    }
    sumAndCount("ghz_run_latency", figures.totalNanos(), figures.count());
    gauge("ghz_run_errors", report.failed());
  }

  private void own(RunResult run) throws IOException {
    histogram(
        "sluice_run_response_time_seconds",
        run.latencies().response(),
        run.latencies().responseSumNanos());
    histogram(
        "sluice_run_service_time_seconds",
        run.latencies().service(),
        run.latencies().serviceSumNanos());
    gauge("sluice_run_dropped", run.own().dropped());
    gauge("sluice_run_cut_off", run.own().cutOff());
    gauge("sluice_run_resent", run.own().resent());
    gauge("sluice_run_wrong_answers", run.own().wrongAnswers());
  }

  private void percentiles(Columns columns) throws IOException {
    for (Map.Entry<String, Histogram> view : columns.views().entrySet()) {
      String name =
          switch (view.getKey()) {
            case Columns.RESPONSE -> "sluice_run_response_time_percentile_seconds";
            case Columns.SERVICE -> "sluice_run_service_time_percentile_seconds";
            default -> "sluice_run_server_time_percentile_seconds";
          };
      type(name, "gauge");
      for (double percentile : columns.percentiles()) {
        // In decimals: 99.9 / 100 is no neat number.
        String quantile =
            BigDecimal.valueOf(percentile).movePointLeft(2).stripTrailingZeros().toPlainString();
        long nanos = view.getValue().getValueAtPercentile(percentile);
        line(name, ",quantile=\"" + quantile + "\"", nanos / SECOND);
      }
    }
  }

  private void histogram(String name, Histogram histogram, long sumNanos) throws IOException {
    type(name, "histogram");
    Spectrum spectrum = Spectrum.of(histogram);
    for (long micros : BOUNDS_MICROS) {
      bucket(name, GoNumbers.shortest(micros / 1e6), spectrum.upTo(micros * 1e3));
    }
    bucket(name, "+Inf", spectrum.size());
    sumAndCount(name, sumNanos / SECOND, spectrum.size());
  }

  private void gauge(String name, Number value) throws IOException {
    type(name, "gauge");
    line(name, "", value);
  }

  private void bucket(String name, String bound, long count) throws IOException {
    line(name + "_bucket", ",le=\"" + bound + "\"", count);
  }

  private void sumAndCount(String name, Number sum, long count) throws IOException {
    line(name + "_sum", "", sum);
    line(name + "_count", "", count);
  }

  private void type(String name, String type) throws IOException {
    out.write("# TYPE " + name + " " + type + "\n");
  }

  private void line(String name, String more, Number value) throws IOException {
    out.write(name + "{" + labels + more + "} " + GoNumbers.shortest(value.doubleValue()) + "\n");
  }

  /** Sorted, where ghz's order changes from run to run. */
  private static String labels(Report report) {
    Map<String, String> labels = new TreeMap<>();
    for (OptionFields.Field field : OptionFields.of(report.options())) {
      String key = field.key();
      boolean text = field.value() instanceof String;
      if (key.equals("data") || key.equals("metadata") || key.equals("enable-compression")) {
        continue;
      }
      if (!text || field.written()) {
        labels.put(key.replace('-', '_'), value(field));
      }
    }
    constant(labels, "load_", report.options().load().schedule());
    constant(labels, "concurrency_", report.options().load().concurrencySchedule());
    labels.remove("name");
    return "name=\""
        + escaped(report.name())
        + "\",end_reason=\""
        + escaped(report.endReason())
        + "\","
        + labels.entrySet().stream()
            .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
            .collect(Collectors.joining(","));
  }

  private static void constant(Map<String, String> labels, String prefix, Schedule schedule) {
    if (schedule.isConst()) {
      labels.keySet().removeIf(label -> label.startsWith(prefix));
    }
  }

  private static String value(OptionFields.Field field) {
    return field.value() instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(field.value());
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
