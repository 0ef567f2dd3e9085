// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What Sluice is told beyond ghz.
 *
 * @param maxInflight calls beyond this many are dropped and counted; 0: no bound
 * @param latencyFrom auto, intended or send
 * @param slo thresholds as they were written
 * @param abortOnFail after which time a failed threshold ends the run
 * @param scenario none, single, multi, server or offline
 * @param maxRegress limits of regression as they were written
 * @param junit file of the verdicts for CI
 */
public record Truth(
    Arrival arrival,
    int seed,
    int maxInflight,
    String latencyFrom,
    boolean ghzStrict,
    List<Double> percentiles,
    Optional<Path> hgrm,
    Optional<Path> hlog,
    List<String> slo,
    Optional<Duration> abortOnFail,
    Duration warmup,
    Optional<Stability> stability,
    Optional<RateSearch> findMaxRps,
    String scenario,
    Optional<Path> baseline,
    List<String> maxRegress,
    Optional<Path> junit) {

  /** When calls are due. */
  public sealed interface Arrival {}

  /** Evenly. */
  public record Constant() implements Arrival {}

  /** Independent of each other, at the rate on average. */
  public record Poisson() implements Arrival {}

  /** As recorded. */
  public record Trace(Path file) implements Arrival {}

  /** Stable: the last windows differ by no more than the tolerance, a fraction. */
  public record Stability(double tolerance, int windows, Duration window) {}

  /** Rates to search, in calls per second. */
  public record RateSearch(int low, int high, int step) {}
}
