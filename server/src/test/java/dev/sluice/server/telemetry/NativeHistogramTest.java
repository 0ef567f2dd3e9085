// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proto.prometheus.BucketSpan;
import dev.sluice.proto.prometheus.Histogram;
import dev.sluice.proto.prometheus.LabelPair;
import dev.sluice.proto.prometheus.Metric;
import dev.sluice.proto.prometheus.MetricFamily;
import dev.sluice.proto.prometheus.MetricType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The protobuf scrape, read by a generated parser and put together as Prometheus does it. */
final class NativeHistogramTest {
  private static final double SECOND = 1e9;
  private static final int REQUESTS = 20_000;

  private final Telemetry telemetry = new Telemetry(() -> 0);
  private final Telemetry.Registration model =
      telemetry.register(new ModelLabels("m", "1", "fp32"));
  private final org.HdrHistogram.Histogram recorded = Resolution.histogram();
  private long sumNanos;

  @AfterEach
  void close() {
    model.close();
  }

  /** From below a microsecond to minutes, in every order of magnitude alike. */
  private void recordRequests() {
    Random random = new Random(11);
    for (int i = 0; i < REQUESTS; i++) {
      long nanos = (long) Math.pow(10, 2 + 9 * random.nextDouble());
      model.meter().accepted();
      model.meter().answered(new StageTimes(0, 0, 0, 0, 0, nanos));
      recorded.recordValue(nanos);
      sumNanos += nanos;
    }
  }

  private Map<String, MetricFamily> families() throws IOException {
    byte[] scrape =
        new Exposition(telemetry, more -> {}, () -> 7, "1.2.3").scrape(ScrapeFormat.PROTOBUF);
    Map<String, MetricFamily> families = new HashMap<>();
    InputStream in = new ByteArrayInputStream(scrape);
    for (MetricFamily family = MetricFamily.parseDelimitedFrom(in);
        family != null;
        family = MetricFamily.parseDelimitedFrom(in)) {
      assertThat(families.put(family.getName(), family)).as(family.getName()).isNull();
      assertThat(family.getMetricList()).as(family.getName()).isNotEmpty();
    }
    return families;
  }

  private MetricFamily family(String name) throws IOException {
    return Objects.requireNonNull(families().get(name), name);
  }

  private static Metric only(MetricFamily family, String label, String value) {
    return family.getMetricList().stream()
        .filter(m -> m.getLabelList().stream().anyMatch(l -> is(l, label, value)))
        .findFirst()
        .orElseThrow();
  }

  private static boolean is(LabelPair pair, String label, String value) {
    return pair.getName().equals(label) && pair.getValue().equals(value);
  }

  private Histogram stage(String stage) throws IOException {
    return only(family("sluice_stage_duration_seconds"), "stage", stage).getHistogram();
  }

  /** Counts by the upper ends of the buckets; the zero bucket ends at its threshold. */
  private static NavigableMap<Double, Long> buckets(Histogram histogram) {
    NavigableMap<Double, Long> buckets = new TreeMap<>();
    buckets.put(histogram.getZeroThreshold(), histogram.getZeroCount());
    double width = Math.pow(2, Math.pow(2, -histogram.getSchema()));
    int index = 0;
    int delta = 0;
    long count = 0;
    for (BucketSpan span : histogram.getPositiveSpanList()) {
      index += span.getOffset();
      for (int i = 0; i < span.getLength(); i++) {
        count += histogram.getPositiveDelta(delta++);
        assertThat(count).isPositive();
        buckets.put(Math.pow(width, index++), count);
      }
    }
    assertThat(delta).isEqualTo(histogram.getPositiveDeltaCount());
    return buckets;
  }

  private static double quantile(NavigableMap<Double, Long> buckets, double quantile, long total) {
    long left = (long) Math.ceil(quantile * total);
    for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
      left -= bucket.getValue();
      if (left <= 0) {
        return bucket.getKey();
      }
    }
    throw new AssertionError("fewer observations than counted");
  }

  @Test
  void countsSumAndQuantilesAreThoseThatWereRecordedWithinTheSchema() throws Exception {
    recordRequests();
    Histogram total = stage("total");
    double width = Math.pow(2, Math.pow(2, -total.getSchema()));
    assertThat(width - 1).isLessThan(0.0055);
    assertThat(total.getSampleCount()).isEqualTo(REQUESTS);
    assertThat(total.getSampleSum()).isCloseTo(sumNanos / SECOND, within(1e-6));
    NavigableMap<Double, Long> buckets = buckets(total);
    assertThat(buckets.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(REQUESTS);
    for (double q : new double[] {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1}) {
      double exact = recorded.getValueAtPercentile(q * 100) / SECOND;
      assertThat(quantile(buckets, q, REQUESTS))
          .as("quantile " + q)
          .isBetween(exact * (1 - 1e-9), exact * width);
    }
  }

  @Test
  void classicBucketsTellTheSame() throws Exception {
    recordRequests();
    Histogram total = stage("total");
    Scrape text =
        Scrape.of(
            new String(
                new Exposition(telemetry, more -> {}, () -> 7, "1").scrape(ScrapeFormat.TEXT),
                StandardCharsets.UTF_8));
    assertThat(total.getBucketCount()).isEqualTo(Buckets.DURATIONS.size() + 1);
    for (var bucket : total.getBucketList()) {
      String bound =
          Double.isInfinite(bucket.getUpperBound())
              ? "+Inf"
              : Double.toString(bucket.getUpperBound());
      assertThat(text.value("sluice_stage_duration_seconds_bucket", "stage", "total", "le", bound))
          .isEqualTo((double) bucket.getCumulativeCount());
    }
  }

  @Test
  void whatTookNoTimeIsInTheZeroBucketAndNothingStillHasASchema() throws Exception {
    assertThat(stage("total").getZeroThreshold()).isPositive();
    recordRequests();
    Histogram encode = stage("encode");
    assertThat(encode.getZeroCount()).isEqualTo(REQUESTS);
    assertThat(encode.getPositiveSpanCount()).isZero();
    assertThat(stage("total").getZeroCount())
        .isEqualTo(recorded.getCountBetweenValues(0, 1023))
        .isPositive();
  }

  @Test
  void rowsOfBatchesAreExact() throws Exception {
    for (int rows : new int[] {1, 2, 3, 8, 8, 32}) {
      model.meter().batchRan(rows, rows, rows, 1, false);
    }
    Histogram rows = family("sluice_batch_rows").getMetric(0).getHistogram();
    assertThat(rows.getSampleCount()).isEqualTo(6);
    assertThat(rows.getSampleSum()).isEqualTo(54);
    NavigableMap<Double, Long> buckets = buckets(rows);
    assertThat(buckets.remove(rows.getZeroThreshold())).isZero();
    assertThat(buckets.values()).containsExactly(1L, 1L, 1L, 2L, 1L);
    assertThat(buckets.firstKey()).isEqualTo(1);
    assertThat(buckets.lastKey()).isCloseTo(32, within(1e-9));
  }

  @Test
  void everyOtherMetricIsThereWithItsTypeAndValue() throws Exception {
    recordRequests();
    MetricFamily requests = family("sluice_requests_total");
    assertThat(requests.getType()).isEqualTo(MetricType.COUNTER);
    assertThat(only(requests, "outcome", "ok").getCounter().getValue()).isEqualTo(REQUESTS);
    MetricFamily inFlight = family("sluice_requests_in_flight");
    assertThat(inFlight.getType()).isEqualTo(MetricType.GAUGE);
    assertThat(inFlight.getMetric(0).getGauge().getValue()).isZero();
    assertThat(family("nv_inference_request_success").getType()).isEqualTo(MetricType.COUNTER);
  }
}
