// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.ServerStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The plots of the page. */
final class Plots {
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;
  private static final int CURVE_STEPS = 100;

  /** More points than a plot is wide say nothing more. */
  private static final int MOST_POINTS = 600;

  private static final int MOST_BARS = 32;

  private Plots() {}

  static String of(RunResult run) {
    StringBuilder plots = new StringBuilder(curve(run));
    if (run.intervals().size() > 1) {
      plots.append(
          overTime(run, "Response time over time", "ms")
              .line("p50", series(run, interval -> millis(interval, 50)))
              .line("p99", series(run, interval -> millis(interval, 99)))
              .line("max", series(run, interval -> interval.response().getMaxValue() / MILLI))
              .svg());
      plots.append(
          overTime(run, "Calls over time", "/s")
              .line("answered", series(run, Interval::perSecond))
              .line("in flight", series(run, Interval::inFlight))
              .svg());
    }
    return plots.append(stages(run)).append(batches(run)).toString();
  }

  /** What the server says of its stages, above what its client waited. */
  private static String stages(RunResult run) {
    Bars bars = new Bars("Server's stages and the client's wait, on average");
    for (ServerStatistics.Stage stage : run.server().stages()) {
      bars.bar(stage.name(), (double) stage.meanNanos(), Durations.text(stage.meanNanos()));
    }
    long count = run.latencies().service().getTotalCount();
    if (run.server().stages().isEmpty() || count == 0) {
      return bars.svg();
    }
    long mean = run.latencies().serviceSumNanos() / count;
    return bars.bar("client", (double) mean, Durations.text(mean)).svg();
  }

  /** By size; where there are many, those from one power of two to the next together. */
  private static String batches(RunResult run) {
    Map<Integer, Long> sizes = run.server().batchSizes();
    boolean many = sizes.size() > MOST_BARS;
    Map<Integer, Long> shown = new TreeMap<>();
    sizes.forEach(
        (size, count) -> shown.merge(many ? Integer.highestOneBit(size) : size, count, Long::sum));
    Bars bars = new Bars("Server's batches by size");
    shown.forEach(
        (size, count) -> bars.bar(size + (many ? "+" : ""), (double) count, count.toString()));
    return bars.svg();
  }

  /** Percentiles with as much room from 99 to 99.9 as from 90 to 99. */
  private static String curve(RunResult run) {
    Histogram response = run.latencies().response();
    Histogram service = run.latencies().service();
    double count = response.getTotalCount();
    double nines = Math.max(1, Math.ceil(Math.log10(Math.max(1, count))));
    Plot plot = new Plot("Percentiles", "ms");
    for (int nine = 0; nine <= nines; nine++) {
      plot.tick(nine / nines, GoNumbers.value(percentile(nine)));
    }
    return plot.line("response time", curve(response, nines))
        .line("service time", curve(service, nines))
        .svg();
  }

  private static List<Plot.Point> curve(Histogram histogram, double nines) {
    List<Plot.Point> points = new ArrayList<>();
    for (int step = 0; step <= CURVE_STEPS; step++) {
      double share = step / (double) CURVE_STEPS;
      double value = histogram.getValueAtPercentile(percentile(share * nines)) / MILLI;
      points.add(new Plot.Point(share, value));
    }
    return points;
  }

  private static double percentile(double nines) {
    return Math.round((100 - 100 * Math.pow(10, -nines)) * 1e9) / 1e9;
  }

  private static Plot overTime(RunResult run, String title, String unit) {
    Plot plot = new Plot(title, unit);
    double end = end(run);
    for (int i = 0; i <= 5; i++) {
      plot.tick(i / 5.0, GoNumbers.fixed(end * i / 5 / SECOND, 1) + " s");
    }
    return plot;
  }

  private static List<Plot.Point> series(RunResult run, ToDoubleFunction<Interval> figure) {
    List<Plot.Point> points = new ArrayList<>();
    int stride = Math.ceilDiv(run.intervals().size(), MOST_POINTS);
    for (int i = 0; i < run.intervals().size(); i += stride) {
      // the worst of those that share a point, so that no peak is lost
      double worst = 0;
      for (Interval interval :
          run.intervals().subList(i, Math.min(run.intervals().size(), i + stride))) {
        worst = Math.max(worst, figure.applyAsDouble(interval));
      }
      points.add(new Plot.Point(run.intervals().get(i).startNanos() / end(run), worst));
    }
    return points;
  }

  private static double end(RunResult run) {
    Interval last = run.intervals().getLast();
    return Math.max(1.0, last.startNanos() + (double) last.lengthNanos());
  }

  private static double millis(Interval interval, double percentile) {
    return interval.response().getValueAtPercentile(percentile) / MILLI;
  }
}
