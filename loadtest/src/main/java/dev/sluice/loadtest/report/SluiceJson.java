// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What ghz does not know, under the key {@code sluice}; durations in nanoseconds as ghz's. */
final class SluiceJson {
  private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 95.0, 99.0, 99.9, 99.99);

  private SluiceJson() {}

  static void write(JsonOut json, RunResult run, List<Double> percentiles) throws IOException {
    json.begin('{');
    json.key("latencyFrom").tree(run.latencyFrom().name().toLowerCase(Locale.ROOT));
    latencies(json.key("responseTime"), run.latencies().response());
    latencies(json.key("serviceTime"), run.latencies().service());
    percentiles(json.key("percentiles"), Columns.of(run, percentiles));
    json.key("failed").tree(run.failed());
    json.key("dropped").tree(run.own().dropped()).key("cutOff").tree(run.own().cutOff());
    json.key("resent").tree(run.own().resent());
    json.key("wrongAnswers").tree(run.own().wrongAnswers());
    json.key("wrongAnswerDistribution").tree(run.own().wrong());
    json.key("detailsKept").tree(run.details().size());
    if (run.selfCheck() != null) {
      selfCheck(json.key("selfCheck"), run.selfCheck());
    }
    json.key("intervals").begin('[');
    for (Interval interval : run.intervals()) {
      interval(json, interval);
    }
    json.end(']');
    server(json.key("server"), run.server());
    json.key("verdicts").begin('[');
    for (Verdict verdict : run.verdicts()) {
      json.begin('{').key("demand").tree(verdict.demand());
      json.key("state").tree(verdict.state().name());
      json.key("observed").tree(verdict.observed());
      json.key("moreSamples").tree(verdict.moreSamples());
      json.key("reason").tree(verdict.reason()).end('}');
    }
    json.end(']').end('}');
  }

  private static void latencies(JsonOut json, Histogram histogram) throws IOException {
    json.begin('{').key("count").tree(histogram.getTotalCount());
    json.key("min").tree(histogram.getMinValue()).key("max").tree(histogram.getMaxValue());
    json.key("mean").tree(histogram.getMean()).key("stddev").tree(histogram.getStdDeviation());
    for (double percentile : PERCENTILES) {
      json.key("p" + GoNumbers.value(percentile));
      json.tree(histogram.getValueAtPercentile(percentile));
    }
    json.end('}');
  }

  /** Those that were asked for, in their order; those above are always the same. */
  private static void percentiles(JsonOut json, Columns columns) throws IOException {
    json.begin('[');
    for (double percentile : columns.percentiles()) {
      json.begin('{').key("percentage").tree(percentile);
      for (Map.Entry<String, Histogram> view : columns.views().entrySet()) {
        json.key(view.getKey()).tree(view.getValue().getValueAtPercentile(percentile));
      }
      json.end('}');
    }
    json.end(']');
  }

  private static void selfCheck(JsonOut json, SelfCheck check) throws IOException {
    json.begin('{').key("valid").tree(check.valid());
    json.key("sendLagP99").tree(check.sendLagP99Nanos());
    json.key("lateShare").tree(check.lateShare()).key("cpuShare").tree(check.cpuShare());
    json.key("reasons").tree(check.reasons()).end('}');
  }

  private static void interval(JsonOut json, Interval interval) throws IOException {
    Histogram response = interval.response();
    json.begin('{').key("start").tree(interval.startNanos());
    json.key("length").tree(interval.lengthNanos());
    json.key("count").tree(response.getTotalCount() + interval.errors());
    json.key("errors").tree(interval.errors()).key("inFlight").tree(interval.inFlight());
    json.key("p50").tree(response.getValueAtPercentile(50));
    json.key("p99").tree(response.getValueAtPercentile(99));
    json.key("max").tree(response.getMaxValue()).end('}');
  }

  private static void server(JsonOut json, ServerStatistics server) throws IOException {
    json.begin('{').key("stages").begin('[');
    for (ServerStatistics.Stage stage : server.stages()) {
      json.begin('{').key("name").tree(stage.name()).key("count").tree(stage.count());
      json.key("mean").tree(stage.meanNanos()).end('}');
    }
    json.end(']');
    if (server.durations().isPresent()) {
      latencies(json.key("durations"), server.durations().get());
    }
    json.key("batchSizes").begin('{');
    for (Map.Entry<Integer, Long> size : server.batchSizes().entrySet()) {
      json.key(size.getKey().toString()).tree(size.getValue());
    }
    json.end('}').end('}');
  }
}
