// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HdrHistogram's files: what we write its own reader reads, and what we read is bounded. */
final class HlogTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START_MILLIS = 1_700_000_000_000L;

  @TempDir private Path folder;

  @Test
  void percentilesAreHdrHistogramsTable() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HgrmFormat.write(histogram(1_000_000, 2_000_000), out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("       Value     Percentile TotalCount 1/(1-Percentile)\n\n")
        .contains("       1.000 0.500000000000          1           2.00\n")
        .contains("       2.001 1.000000000000          2\n")
        .contains("Total count    =            2]\n");
  }

  @Test
  void anHlogIsReadBackAsItWasWritten() throws IOException {
    Path file = log("a.hlog", START_MILLIS, interval(0, 3, 10), interval(1, 0, 20, 30));
    HlogReader.Log log = HlogReader.read(file);
    assertThat(log.startEpochNanos()).isEqualTo(START_MILLIS * 1_000_000);
    assertThat(log.intervals())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("response", "service")
        .containsExactly(interval(0, 3, 10), interval(1, 0, 20, 30));
    assertThat(log.intervals().get(1).response().getTotalCount()).isEqualTo(2);
    assertThat(log.response()).isEqualTo(histogram(10, 20, 30));
    assertThat(log.service()).isEqualTo(histogram(9, 19, 29));
    assertThat(log.errors()).isEqualTo(3);
    assertThat(log.endNanos()).isEqualTo(2 * SECOND);
  }

  @Test
  void hoursOfALogTakeNoMoreRoomThanMinutes() throws IOException {
    Interval[] intervals =
        IntStream.range(0, 5_000).mapToObj(i -> interval(i, 1, 10)).toArray(Interval[]::new);
    HlogReader.Log log = HlogReader.read(log("long.hlog", START_MILLIS, intervals));
    assertThat(log.intervals()).hasSizeBetween(100, 240);
    assertThat(log.response().getTotalCount()).isEqualTo(5_000);
    assertThat(log.errors()).isEqualTo(5_000);
    assertThat(Merge.of(List.of(log)).totalNanos()).isEqualTo(5_000 * SECOND);
  }

  @Test
  void hdrHistogramsOwnReaderReadsIt() throws IOException {
    Path file = log("a.hlog", START_MILLIS, interval(0, 3, 10), interval(1, 0, 20, 30));
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      Histogram first = (Histogram) reader.nextIntervalHistogram();
      assertThat(reader.getStartTimeSec()).isEqualTo(1_700_000_000.0);
      assertThat(first.getTag()).isEqualTo("response");
      assertThat(first.getMaxValue()).isEqualTo(10);
      assertThat(reader.nextIntervalHistogram().getTag()).isEqualTo("service");
      assertThat(((Histogram) reader.nextIntervalHistogram()).getTotalCount()).isEqualTo(2);
    }
  }

  @Test
  void mergingAddsWhatEveryGeneratorSaw() throws IOException {
    Path a = log("a.hlog", START_MILLIS, interval(0, 3, 10));
    Path b = log("b.hlog", START_MILLIS + 1000, interval(0, 1, 20, 30, 40));
    RunResult run = Merge.of(List.of(HlogReader.read(a), HlogReader.read(b)));
    assertThat(run.latencies().response()).isEqualTo(histogram(10, 20, 30, 40));
    assertThat(run.count()).isEqualTo(8);
    assertThat(run.failed()).isEqualTo(4);
    assertThat(run.totalNanos()).isEqualTo(2 * SECOND);
    assertThat(run.perSecond()).isEqualTo(4);
    assertThat(run.intervals()).extracting(Interval::startNanos).containsExactly(0L, SECOND);
    assertThat(run.date().toInstant()).isEqualTo("2023-11-14T22:13:22Z");
    assertThat(Sample.written(ReportFormat.JSON, Report.of(run, List.of())))
        .contains("\"slowest\":40,");
  }

  @Test
  void badLinesAreNamed() throws IOException {
    refused("nonsense\n", "line 1: not a line of an HdrHistogram log");
    refused("#[x]\nTag=a,0.0,1.0,1.0,HISTFAAAA\n", "line 2: not a compressed histogram");
    refused("0.0.0,1.0,1.0,HISTFAAAA\n", "line 1: a number is none");
    refused("#[only comments]\n", "has no interval of a histogram");
    Path service = log("s.hlog", START_MILLIS, interval(0, 0, 10));
    String text = Files.readString(service).replaceFirst("Tag=response[^\n]*\n", "");
    refused(text, "service times without response times of the same interval");
  }

  @Test
  void logsOfDifferentRunsAreNotMerged() throws IOException {
    Path a = log("a.hlog", START_MILLIS, interval(0, 0, 10));
    Path b = log("b.hlog", 1000, interval(0, 0, 10));
    List<HlogReader.Log> logs = List.of(HlogReader.read(a), HlogReader.read(b));
    assertThatThrownBy(() -> Merge.of(logs)).hasMessageContaining("more than a year apart");
  }

  private void refused(String text, String why) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.hlog"), text);
    assertThatThrownBy(() -> HlogReader.read(file))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageEndingWith(why);
  }

  private Path log(String name, long startMillis, Interval... intervals) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      HlogWriter writer = new HlogWriter(out, startMillis);
      for (Interval interval : intervals) {
        writer.add(interval);
      }
    }
    return file;
  }

  private static Interval interval(long second, long errors, long... response) {
    long[] service = response.clone();
    for (int i = 0; i < service.length; i++) {
      service[i]--;
    }
    return new Interval(
        second * SECOND, SECOND, histogram(response), histogram(service), errors, 2);
  }

  private static Histogram histogram(long... values) {
    Histogram histogram = new Histogram(3);
    for (long value : values) {
      histogram.recordValue(value);
    }
    return histogram;
  }
}
