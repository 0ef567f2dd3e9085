// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.LatencyFrom;
import dev.sluice.loadtest.result.RunResult;
import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The figures that ghz reports, by its rules; durations in nanoseconds.
 *
 * <p>As long as the details hold every call they are exact. Beyond that they come from the run's
 * histogram, of all calls and within its resolution, where ghz's would be of the first million.
 *
 * @param percentiles empty where no call counts, as are the buckets
 */
public record Figures(
    long count,
    long totalNanos,
    long averageNanos,
    long fastestNanos,
    long slowestNanos,
    double perSecond,
    List<Percentile> percentiles,
    List<Bucket> buckets) {
  public Figures {
    percentiles = List.copyOf(percentiles);
    buckets = List.copyOf(buckets);
  }

  /** The latency that so many percent of the calls do not exceed. */
  public record Percentile(int percentage, long nanos) {}

  /**
   * @param markSeconds the upper bound
   * @param frequency share of all, 0 to 1
   */
  public record Bucket(double markSeconds, long count, double frequency) {}

  public static Figures of(RunResult run, LatencyFrom from) throws IOException {
    Histogram histogram = run.latencies().histogram(from);
    long counted = histogram.getTotalCount();
    Spectrum spectrum =
        run.details().size() == run.count() ? exact(run, from) : Spectrum.of(histogram);
    boolean some = spectrum.size() > 0;
    long sum = run.latencies().sumNanos(from);
    return new Figures(
        run.count(),
        run.totalNanos(),
        counted == 0 ? 0 : sum / counted,
        some ? spectrum.at(0) : 0,
        some ? spectrum.at(spectrum.size() - 1) : 0,
        run.perSecond(),
        Spectra.percentiles(spectrum),
        Spectra.buckets(spectrum));
  }

  private static Spectrum exact(RunResult run, LatencyFrom from) throws IOException {
    Details details = run.details();
    boolean errors = run.options().countErrors();
    boolean intended = from == LatencyFrom.INTENDED;
    Spectrum.Exact exact = new Spectrum.Exact(Math.toIntExact(details.size()));
    details.forEach(
        detail -> {
          if (errors || detail.ok()) {
            exact.add(intended ? detail.responseNanos() : detail.serviceNanos());
          }
        });
    return exact.sorted();
  }
}
