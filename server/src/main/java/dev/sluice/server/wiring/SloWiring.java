// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.slo.Objectives;
import dev.sluice.server.slo.SloBook;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.SloSource;
import dev.sluice.server.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objectives: what keeps their windows going, and where verdicts are made. */
record SloWiring(Objectives objectives, SloBook book, Threads threads) implements SloSource {
  private static final Logger log = LoggerFactory.getLogger(SloWiring.class);

  static SloWiring start(
      Objectives objectives, Telemetry telemetry, NanoClock clock, Threads threads) {
    SloWiring wiring =
        new SloWiring(objectives, new SloBook(objectives, telemetry, clock), threads);
    wiring.book.tickInterval().ifPresent(wiring::tickEvery);
    return wiring;
  }

  private void tickEvery(Duration interval) {
    long nanos = interval.toNanos();
    // Never fails: what goes wrong is logged, and what was counted meanwhile is not lost.
    var unused =
        threads.telemetry.scheduleAtFixedRate(this::tick, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    try {
      book.tick();
    } catch (RuntimeException failed) {
      log.warn("the windows of the objectives could not be brought up to date", failed);
    }
  }

  @Override
  public CompletableFuture<SloReport> report() {
    return CompletableFuture.supplyAsync(book::report, threads.telemetry);
  }

  /** No mistake of the configuration, as models come and go; but maybe of the one who wrote it. */
  void warnOfUnknown(List<ModelStatus> known) {
    Set<String> unknown = new TreeSet<>(objectives.named());
    known.forEach(status -> unknown.remove(status.name()));
    unknown.forEach(
        model -> log.warn("slo: there is no model '{}' now; its objectives have no data", model));
  }
}
