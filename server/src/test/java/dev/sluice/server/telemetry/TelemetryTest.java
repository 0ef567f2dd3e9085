// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.batching.Batcher;
import dev.sluice.batching.Budget;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Failure;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded, in every form in which it is shown. */
final class TelemetryTest {
  private static final long MILLI = 1_000_000;
  private static final double RESOLUTION = 0.008;
  private static final ModelLabels LABELS = new ModelLabels("m", "1", "fp32");

  private final AtomicLong epochMillis = new AtomicLong(1_000_000);
  private final Telemetry telemetry = new Telemetry(epochMillis::get);
  private final Exposition exposition = new Exposition(telemetry, out -> {}, () -> 7, "1.2.3");

  private Scrape scrape() {
    return Scrape.of(text(ScrapeFormat.TEXT));
  }

  private String text(ScrapeFormat format) {
    return new String(exposition.scrape(format), StandardCharsets.UTF_8);
  }

  /** Total durations of 1 to 1000 ms, each once; the other stages are fractions of them. */
  private static void thousandRequests(ModelMeter meter) {
    for (int i = 1; i <= 1000; i++) {
      meter.accepted();
      meter.answered(times(i * MILLI));
    }
  }

  private static StageTimes times(long total) {
    return new StageTimes(total / 50, total / 10, total / 5, total / 2, total / 20, total);
  }

  @Test
  void percentilesOfTheIntervalAreThoseOfTheDurationsWithinTheResolution() {
    try (var registered = telemetry.register(LABELS)) {
      thousandRequests(registered.meter());
      telemetry.turn();
      Scrape scrape = scrape();
      String[] quantiles = {"0.5", "0.9", "0.95", "0.99", "0.999", "1.0"};
      double[] seconds = {0.5, 0.9, 0.95, 0.99, 0.999, 1.0};
      for (int i = 0; i < quantiles.length; i++) {
        assertThat(interval(scrape, "total", quantiles[i]))
            .isCloseTo(seconds[i], within(seconds[i] * RESOLUTION));
        assertThat(interval(scrape, "compute", quantiles[i]))
            .isCloseTo(seconds[i] / 2, within(seconds[i] * RESOLUTION));
      }
    }
  }

  private static double interval(Scrape scrape, String stage, String quantile) {
    return scrape.value(
        "sluice_stage_duration_interval_seconds", "stage", stage, "quantile", quantile);
  }

  @Test
  void anIntervalWithoutRequestsHasNoPercentilesAndForgetsTheOneBefore() {
    try (var registered = telemetry.register(LABELS)) {
      assertThat(interval(scrape(), "total", "0.5")).isNaN();
      thousandRequests(registered.meter());
      assertThat(interval(scrape(), "total", "0.5")).isNaN();
      telemetry.turn();
      assertThat(interval(scrape(), "total", "0.5")).isPositive();
      epochMillis.addAndGet(2500);
      telemetry.turn();
      assertThat(interval(scrape(), "total", "0.5")).isNaN();
      assertThat(scrape().value("sluice_interval_seconds")).isEqualTo(2.5);
      assertThat(scrape().value("sluice_stage_duration_seconds_count", "stage", "total"))
          .isEqualTo(1000);
    }
  }

  @Test
  void bucketsAreCumulativeOverIntervalsAndTheSumIsExact() {
    try (var registered = telemetry.register(LABELS)) {
      thousandRequests(registered.meter());
      telemetry.turn();
      thousandRequests(registered.meter());
      Scrape scrape = scrape();
      assertThat(bucket(scrape, "0.1")).isCloseTo(200, within(200 * RESOLUTION));
      assertThat(bucket(scrape, "0.5")).isCloseTo(1000, within(1000 * RESOLUTION));
      assertThat(bucket(scrape, "1.0")).isEqualTo(2000);
      assertThat(scrape.value("sluice_stage_duration_seconds_sum", "stage", "total"))
          .isCloseTo(2 * 500.5, within(1e-9));
      assertThat(scrape.value("nv_inference_request_duration_us")).isEqualTo(2 * 500_500_000.0);
      assertThat(scrape.value("nv_inference_compute_infer_duration_us")).isEqualTo(500_500_000.0);
    }
  }

  private static double bucket(Scrape scrape, String bound) {
    return scrape.value("sluice_stage_duration_seconds_bucket", "stage", "total", "le", bound);
  }

  @Test
  void durationsBeyondEveryBoundAreKept() {
    try (var registered = telemetry.register(LABELS)) {
      registered.meter().answered(times(Long.MAX_VALUE));
      registered.meter().answered(new StageTimes(-5, 0, 0, 0, 0, 1));
      assertThat(scrape().value("sluice_stage_duration_seconds_count", "stage", "total"))
          .isEqualTo(2);
      assertThat(bucket(scrape(), "60.0")).isEqualTo(1);
    }
  }

  @Test
  void manyThreadsLoseNothingWhileTheyAreRead() throws Exception {
    try (var registered = telemetry.register(LABELS)) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        writers.add(Thread.ofPlatform().start(() -> thousandRequests(registered.meter())));
      }
      while (writers.stream().anyMatch(Thread::isAlive)) {
        telemetry.turn();
        scrape();
      }
      for (Thread writer : writers) {
        writer.join();
      }
      Scrape scrape = scrape();
      for (Stage stage : Stage.values()) {
        assertThat(scrape.value("sluice_stage_duration_seconds_count", "stage", stage.label()))
            .isEqualTo(8000);
      }
      assertThat(bucket(scrape, "0.5")).isCloseTo(4000, within(4000 * RESOLUTION));
      assertThat(scrape.value("sluice_requests_total", "outcome", "ok")).isEqualTo(8000);
      assertThat(scrape.value("sluice_requests_in_flight")).isZero();
    }
  }

  @Test
  void failuresRefusalsAndLimitHitsAreCountedByWhy() {
    try (var registered = telemetry.register(LABELS)) {
      ModelMeter meter = registered.meter();
      for (Outcome outcome : Outcome.values()) {
        meter.accepted();
        meter.failed(outcome, MILLI);
      }
      meter.callEnded(1, CallTiming.NONE, new Failure.QueueFull(Budget.WAITING_ROWS, 1));
      meter.callEnded(1, CallTiming.NONE, new Failure.TooLarge(Budget.WAITING_TOKENS, 2, 1));
      telemetry.refused(Outcome.NOT_FOUND);
      telemetry.limitHit(Limit.EMBED_INPUTS);
      Scrape scrape = scrape();
      for (Outcome outcome : Outcome.values()) {
        assertThat(scrape.value("sluice_requests_total", "outcome", outcome.label())).isEqualTo(1);
      }
      for (Limit limit : Limit.values()) {
        boolean hit =
            Set.of(Limit.QUEUE_ROWS, Limit.QUEUE_TOKENS, Limit.EMBED_INPUTS).contains(limit);
        assertThat(scrape.value("sluice_limit_hits_total", "limit", limit.label()))
            .isEqualTo(hit ? 1 : 0);
      }
      assertThat(
              scrape.value(
                  "sluice_limit_hits_total", "limit", "limits.max-queue-rows", "model", "m"))
          .isEqualTo(1);
      assertThat(scrape.value("sluice_requests_refused_total", "reason", "not_found")).isEqualTo(1);
      assertThat(scrape.value("nv_inference_request_failure", "reason", "REJECTED")).isEqualTo(4);
      assertThat(scrape.value("nv_inference_request_failure", "reason", "CANCELED")).isEqualTo(1);
      assertThat(scrape.value("nv_inference_request_failure", "reason", "BACKEND")).isEqualTo(1);
    }
  }

  @Test
  void batchesShowRowsRunsTokensAndPadding() {
    try (var registered = telemetry.register(LABELS)) {
      registered.meter().batchRan(3, 10, 12, MILLI, false);
      registered.meter().batchRan(8, 70, 80, MILLI, false);
      registered.meter().batchRan(2, 4, 4, MILLI, true);
      Scrape scrape = scrape();
      assertThat(scrape.value("sluice_rows_total")).isEqualTo(11);
      assertThat(scrape.value("nv_inference_count")).isEqualTo(11);
      assertThat(scrape.value("sluice_runs_total")).isEqualTo(2);
      assertThat(scrape.value("nv_inference_exec_count")).isEqualTo(2);
      assertThat(scrape.value("sluice_runs_failed_total")).isEqualTo(1);
      assertThat(scrape.value("sluice_tokens_total")).isEqualTo(84);
      assertThat(scrape.value("sluice_tokens_padded_total")).isEqualTo(96);
      assertThat(scrape.value("sluice_batch_rows_bucket", "le", "4.0")).isEqualTo(1);
      assertThat(scrape.value("sluice_batch_rows_sum")).isEqualTo(11);
    }
  }

  @Test
  void batchesShowHowTheyWereFormedAndLanesWhetherTheyAreFit() {
    try (var registered = telemetry.register(LABELS)) {
      registered.meter().batchFormed(0, 3, 10, 12, 5 * MILLI, MILLI);
      registered.meter().batchFormed(1, 3, 10, 12, 5 * MILLI, MILLI);
      registered.watch(
          new Watched() {
            @Override
            public Batcher.Load load() {
              return new Batcher.Load(0, 0, 0, 0);
            }

            @Override
            public Lanes lanes() {
              return new Lanes(3, 1);
            }
          });
      Scrape scrape = scrape();
      assertThat(scrape.value("sluice_batches_formed_total")).isEqualTo(2);
      assertThat(scrape.value("sluice_forming_seconds_total")).isEqualTo(0.002);
      assertThat(scrape.value("sluice_batch_oldest_wait_seconds_total")).isEqualTo(0.01);
      assertThat(scrape.value("sluice_lanes", "state", "fit")).isEqualTo(3);
      assertThat(scrape.value("sluice_lanes", "state", "out")).isEqualTo(1);
    }
  }

  @Test
  void callsThatTheQueueDropsAreCountedByWhy() {
    List<Failure> failures =
        List.of(
            new Failure.QueueFull(Budget.WAITING_ROWS, 1),
            new Failure.Shed(1),
            new Failure.WouldBeLate(1),
            new Failure.TooLarge(Budget.BATCH_ROWS, 2, 1),
            new Failure.Expired(),
            new Failure.Cancelled(),
            new Failure.Closed(),
            new Failure.NoLane(1),
            new Failure.RunFailed(new IllegalStateException()));
    try (var registered = telemetry.register(LABELS)) {
      failures.forEach(why -> registered.meter().callRefused(1, why));
      for (String why :
          List.of(
              "queue_full",
              "shed",
              "would_be_late",
              "too_large",
              "expired",
              "cancelled",
              "closed",
              "no_lane",
              "run_failed")) {
        assertThat(scrape().value("sluice_queue_drops_total", "reason", why)).as(why).isEqualTo(1);
      }
    }
  }

  @Test
  void whatWaitsAndRunsIsAskedOfTheBatchers() {
    try (var registered = telemetry.register(LABELS)) {
      for (int i = 0; i < 5; i++) {
        registered.meter().accepted();
      }
      registered.watch(() -> new Batcher.Load(2, 20, 200, 30));
      Scrape scrape = scrape();
      assertThat(scrape.value("nv_inference_pending_request_count")).isEqualTo(2);
      assertThat(scrape.value("sluice_queue_rows")).isEqualTo(20);
      assertThat(scrape.value("sluice_queue_tokens")).isEqualTo(200);
      assertThat(scrape.value("sluice_running_rows")).isEqualTo(30);
      assertThat(scrape.value("sluice_num_requests_waiting")).isEqualTo(2);
      assertThat(scrape.value("sluice_num_requests_running")).isEqualTo(3);
    }
  }

  @Test
  void aReloadedModelGoesOnCountingAndAnUnloadedOneIsGone() {
    Telemetry.Registration first = telemetry.register(LABELS);
    first.watch(() -> new Batcher.Load(1, 1, 1, 1));
    first.meter().answered(times(MILLI));
    Telemetry.Registration second = telemetry.register(LABELS);
    first.close();
    first.close();
    second.meter().answered(times(MILLI));
    assertThat(scrape().value("nv_inference_request_success")).isEqualTo(2);
    assertThat(scrape().value("sluice_queue_calls")).isZero();
    second.close();
    assertThat(scrape().labelValues("model")).isEmpty();
    try (var again = telemetry.register(LABELS)) {
      again.meter().accepted();
      assertThat(scrape().value("nv_inference_request_success")).isZero();
    }
  }

  @Test
  void aVariantThatComesBackGoesOnCountingAsLongAsItsVersionServes() {
    ModelLabels int8 = new ModelLabels("m", "1", "int8");
    var own = telemetry.register(LABELS);
    try (var made = telemetry.register(int8)) {
      made.meter().answered(times(MILLI));
    }
    assertThat(scrape().value("nv_inference_request_success", "model", "m")).isEqualTo(1);
    try (var again = telemetry.register(int8)) {
      again.meter().answered(times(MILLI));
      assertThat(own.ofVersion()).containsExactly(own.meter(), again.meter());
    }
    assertThat(scrape().value("nv_inference_request_success", "model", "m")).isEqualTo(2);
    own.close();
    assertThat(scrape().labelValues("model")).isEmpty();
    assertThat(own.ofVersion()).containsExactly(own.meter());
  }

  @Test
  void variantsOfOneVersionAreOneSeriesToTriton() {
    try (var one = telemetry.register(LABELS);
        var other = telemetry.register(new ModelLabels("m", "1", "int8"))) {
      one.meter().answered(times(MILLI));
      other.meter().answered(times(MILLI));
      Scrape scrape = scrape();
      assertThat(scrape.value("nv_inference_request_success", "model", "m")).isEqualTo(2);
      assertThat(scrape.value("sluice_requests_total", "variant", "int8", "outcome", "ok"))
          .isEqualTo(1);
    }
  }

  @Test
  void oddNamesOfModelsAreEscaped() {
    String odd = "a\"b\\c\nd{e},\"";
    try (var registered = telemetry.register(new ModelLabels(odd, "1", "fp32"))) {
      registered.meter().answered(times(MILLI));
      assertThat(scrape().value("nv_inference_request_success", "model", odd)).isEqualTo(1);
      assertThat(new HistogramLogs(telemetry).text(false)).contains("Tag=a_b_c_d_e___:1:fp32:");
    }
  }

  @Test
  void openMetricsSaysTheSame() {
    try (var registered = telemetry.register(LABELS)) {
      thousandRequests(registered.meter());
      Scrape open = Scrape.ofOpenMetrics(text(ScrapeFormat.OPEN_METRICS));
      assertThat(open.value("sluice_requests_total", "outcome", "ok")).isEqualTo(1000);
      assertThat(open.value("nv_inference_request_success")).isEqualTo(1000);
      assertThat(open.value("sluice_stage_duration_seconds_count", "stage", "total"))
          .isEqualTo(1000);
    }
  }

  @Test
  void theProcessShowsWhatItUses() {
    Scrape scrape = scrape();
    assertThat(scrape.value("process_cpu_seconds_total")).isPositive();
    assertThat(scrape.value("process_open_fds")).isPositive();
    assertThat(scrape.value("jvm_memory_used_bytes", "area", "heap")).isPositive();
    assertThat(scrape.value("jvm_buffer_pool_used_bytes", "pool", "direct")).isNotNegative();
    assertThat(scrape.value("jvm_memory_committed_bytes", "area", "heap")).isPositive();
    assertThat(scrape.value("jvm_threads_current"))
        .isBetween(1.0, scrape.value("jvm_threads_peak"));
    assertThat(scrape.value("jvm_threads_daemon")).isLessThan(scrape.value("jvm_threads_current"));
    assertThat(scrape.value("jvm_runtime_info", "version", Runtime.version().toString()))
        .isEqualTo(1);
    assertThat(scrape.value("process_resident_memory_bytes"))
        .isGreaterThan(scrape.value("jvm_buffer_pool_used_bytes", "pool", "direct"));
    assertThat(scrape.value("sluice_available_processors")).isPositive();
    assertThat(scrape.value("sluice_network_buffer_bytes")).isEqualTo(7);
    assertThat(scrape.value("sluice_uptime_seconds")).isNotNegative();
    assertThat(scrape.value("sluice_build_info", "version", "1.2.3")).isEqualTo(1);
  }

  @Test
  void theHistogramLogIsReadByHdrHistogramItself() {
    try (var registered = telemetry.register(LABELS)) {
      thousandRequests(registered.meter());
      epochMillis.addAndGet(10_000);
      String log = new HistogramLogs(telemetry).text(false);
      Histogram total = only(log, "m:1:fp32:total");
      assertThat(total.getTotalCount()).isEqualTo(1000);
      assertThat(total.getValueAtPercentile(99)).isCloseTo(990 * MILLI, within(8 * MILLI));
      assertThat(total.getStartTimeStamp()).isEqualTo(1_000_000);
      assertThat(total.getEndTimeStamp()).isEqualTo(1_010_000);
      assertThat(new HistogramLogs(telemetry).text(true)).doesNotContain("Tag=");
    }
  }

  @Test
  void theHistogramFileHasALinePerIntervalWithRequests(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("stages.hlog");
    HistogramLogs logs = new HistogramLogs(telemetry);
    try (var registered = telemetry.register(LABELS)) {
      for (int interval = 0; interval < 3; interval++) {
        if (interval != 1) {
          thousandRequests(registered.meter());
        }
        epochMillis.addAndGet(1000);
        telemetry.turn();
        logs.append(file);
      }
    }
    String log = Files.readString(file);
    assertThat(log.lines().filter(line -> line.startsWith("#[StartTime"))).hasSize(1);
    assertThat(log.lines().filter(line -> line.startsWith("Tag=m:1:fp32:total,"))).hasSize(2);
  }

  private static Histogram only(String log, String tag) {
    HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(log.getBytes(StandardCharsets.US_ASCII)));
    List<Histogram> found = new ArrayList<>();
    while (reader.hasNext()) {
      EncodableHistogram next = reader.nextIntervalHistogram();
      if (next instanceof Histogram histogram && tag.equals(histogram.getTag())) {
        found.add(histogram);
      }
    }
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
