// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.BatchRunner;
import dev.sluice.server.telemetry.MeterReading;
import dev.sluice.server.telemetry.ModelLabels;
import dev.sluice.server.telemetry.Stage;
import dev.sluice.server.telemetry.StageTimes;
import dev.sluice.server.telemetry.Telemetry;
import dev.sluice.server.telemetry.Watched;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * What one deployment has done: its runs, and the requests that were routed to it, whether they
 * reached the queue or not. Kept in the meter of its model version, which the metrics are made from
 * too and which outlives a reload. Safe for any number of threads; recording takes no lock.
 */
final class Statistics implements AutoCloseable {
  private final Telemetry.Registration registration;
  private final DeviceLoss loss;
  private volatile List<? extends WatchedLane<?, ?>> lanes = List.of();
  private volatile LongConsumer waits = nanos -> {};

  /** Takes the registration over. */
  Statistics(Telemetry.Registration registration) {
    this.registration = registration;
    ModelLabels labels = registration.labels();
    this.loss =
        new DeviceLoss(
            "model '%s' version %s (%s)"
                .formatted(labels.model(), labels.version(), labels.variant()));
  }

  ModelLabels labels() {
    return registration.labels();
  }

  /** When the deployment came to be, in milliseconds since the epoch. */
  long loadedMillis() {
    return registration.sinceMillis();
  }

  /** Hears what the batcher does. */
  BatchObserver observer() {
    return new WaitTap(registration.meter(), nanos -> waits.accept(nanos));
  }

  /** The lanes, to be run in place of those given; called once. */
  <T, R> List<? extends BatchRunner<T, R>> watched(List<? extends BatchRunner<T, R>> runners) {
    List<WatchedLane<T, R>> watched = new ArrayList<>();
    for (BatchRunner<T, R> runner : runners) {
      String name = "lane " + watched.size() + " of model '" + labels().model() + "'";
      watched.add(new WatchedLane<>(name, runner, loss, registration::nowMillis));
    }
    lanes = List.copyOf(watched);
    return watched;
  }

  /** Whether what the lanes run on is lost. */
  DeviceLoss loss() {
    return loss;
  }

  /** How each lane is. */
  List<LaneStatus> lanes() {
    return lanes.stream().<LaneStatus>map(WatchedLane::status).toList();
  }

  /** Has somebody told, from now on, how long the first item of each batch had waited. */
  void reportWaits(LongConsumer to) {
    waits = to;
  }

  /** Whom to ask what waits and runs. */
  void watch(Watched batcher) {
    registration.watch(batcher);
  }

  /** A request was routed to the deployment. */
  void accepted() {
    registration.meter().accepted();
  }

  /** A request was answered whole. */
  void answered(Timings timings, long splitNanos) {
    registration
        .meter()
        .answered(
            new StageTimes(
                timings.decodeNanos(),
                timings.encodeNanos(),
                timings.queueNanos(),
                timings.computeNanos(),
                splitNanos,
                timings.totalNanos()));
  }

  /** A request ended with a problem, be it its own fault. */
  void failed(Problem problem, long totalNanos) {
    registration.meter().failed(Outcomes.of(problem), totalNanos);
  }

  /** Of every variant of the version together. */
  ModelStatistics snapshot(String name, String version) {
    return registration.ofVersion().stream()
        .map(meter -> snapshot(name, version, meter.read()))
        .reduce(ModelStatistics::plus)
        .orElseThrow();
  }

  private static ModelStatistics snapshot(String name, String version, MeterReading seen) {
    List<ModelStatistics.Batch> sizes = new ArrayList<>();
    seen.batches()
        .bySize()
        .forEach(
            (size, sum) ->
                sizes.add(
                    new ModelStatistics.Batch(
                        size, new ModelStatistics.Sum(sum.count(), sum.nanos()))));
    return new ModelStatistics(
        name,
        version,
        seen.lastInferenceMillis(),
        seen.batches().rows(),
        seen.batches().runs(),
        stage(seen, Stage.TOTAL),
        new ModelStatistics.Sum(seen.failed(), seen.failedNanos()),
        stage(seen, Stage.QUEUE),
        stage(seen, Stage.ENCODE),
        stage(seen, Stage.COMPUTE),
        stage(seen, Stage.SPLIT),
        List.copyOf(sizes));
  }

  private static ModelStatistics.Sum stage(MeterReading seen, Stage stage) {
    return new ModelStatistics.Sum(seen.answered(), seen.stageNanos(stage));
  }

  /** The deployment is gone. */
  @Override
  public void close() {
    registration.close();
  }
}
