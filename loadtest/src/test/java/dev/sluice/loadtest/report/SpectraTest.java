// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.result.LatencyFrom;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class SpectraTest {
  @Test
  void percentilesAreGhzs() {
    assertThat(latencies(15, 20, 35, 40, 50)).containsExactly(15L, 20L, 35L, 40L, 50L, 50L, 50L);
    assertThat(latencies(3, 6, 7, 8, 8, 10, 13, 15, 16, 20))
        .containsExactly(3L, 7L, 8L, 15L, 16L, 20L, 20L);
    assertThat(latencies(3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20))
        .containsExactly(6L, 7L, 9L, 15L, 16L, 20L, 20L);
  }

  @Test
  void aHistogramGivesTheSamePercentilesWithinItsResolution() {
    Histogram histogram = new Histogram(3);
    for (long value : new long[] {3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20}) {
      histogram.recordValue(value);
    }
    assertThat(Spectra.percentiles(Spectrum.of(histogram)))
        .extracting(Figures.Percentile::nanos)
        .containsExactly(6L, 7L, 9L, 15L, 16L, 20L, 20L);
  }

  @Test
  void theFirstBucketHasOnlyTheFastestAndTheLastEndsAtTheSlowest() {
    List<Figures.Bucket> buckets = Spectra.buckets(Spectrum.of(100, 100, 101, 110, 195, 200));
    assertThat(buckets).hasSize(11);
    assertThat(buckets)
        .extracting(Figures.Bucket::count)
        .containsExactly(2L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 2L);
    assertThat(buckets.get(1)).isEqualTo(new Figures.Bucket(110 / 1e9, 2, 2 / 6.0));
    assertThat(buckets.getLast().markSeconds()).isEqualTo(200 / 1e9);
  }

  @Test
  void oneValueIsAllInTheFirstBucket() {
    assertThat(Spectra.buckets(Spectrum.of(7, 7)))
        .extracting(Figures.Bucket::count)
        .startsWith(2L)
        .endsWith(0L);
  }

  @Test
  void withoutASuccessThereIsNothing() throws IOException {
    Figures figures = Figures.of(Sample.run(0, 5), LatencyFrom.INTENDED);
    assertThat(figures.percentiles()).isEmpty();
    assertThat(figures.buckets()).isEmpty();
    assertThat(List.of(figures.averageNanos(), figures.fastestNanos(), figures.slowestNanos()))
        .containsOnly(0L);
    assertThat(figures.count()).isEqualTo(5);
  }

  private static List<Long> latencies(long... sorted) {
    return Spectra.percentiles(Spectrum.of(sorted)).stream()
        .map(Figures.Percentile::nanos)
        .toList();
  }
}
