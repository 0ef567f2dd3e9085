// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.Batcher;
import dev.sluice.batching.Budget;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Failure;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts and measures one model version in one variant. Safe for any number of threads; recording
 * takes no lock, see {@link StageHistograms} for the durations and {@link LongAdder} for the rest.
 */
public final class ModelMeter implements BatchObserver {
  private static final Stage[] STAGES = Stage.values();

  private final ModelLabels labels;
  private final LongSupplier epochMillis;
  private final StageHistograms stages = new StageHistograms();
  private final Counts<Stage> stageNanos = new Counts<>(Stage.class);
  private final Counts<Outcome> failures = new Counts<>(Outcome.class);
  private final Counts<Limit> limitHits = new Counts<>(Limit.class);
  private final LongAdder accepted = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder failedNanos = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder runs = new LongAdder();
  private final LongAdder failedRuns = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder paddedTokens = new LongAdder();
  private final ConcurrentMap<Integer, Tally> batches = new ConcurrentHashMap<>();
  private final LongAdder formed = new LongAdder();
  private final LongAdder formingNanos = new LongAdder();
  private final LongAdder oldestWaitNanos = new LongAdder();
  private final Counts<Drop> drops = new Counts<>(Drop.class);
  private final List<Watched> watched = new CopyOnWriteArrayList<>();
  private volatile long lastInferenceMillis;

  ModelMeter(ModelLabels labels, LongSupplier epochMillis) {
    this.labels = labels;
    this.epochMillis = epochMillis;
  }

  /** A request has reached the model. {@link #answered} or {@link #failed} follows. */
  public void accepted() {
    accepted.increment();
  }

  public void answered(StageTimes times) {
    stages.record(times);
    for (Stage stage : STAGES) {
      stageNanos.add(stage, times.of(stage));
    }
    answered.increment();
  }

  public void failed(Outcome outcome, long totalNanos) {
    failedNanos.add(totalNanos);
    failures.add(outcome, 1);
    failed.increment();
  }

  @Override
  public void batchFormed(
      int lane, int batchRows, long batchTokens, long batchPadded, long waited, long forming) {
    formed.increment();
    formingNanos.add(forming);
    oldestWaitNanos.add(waited);
  }

  @Override
  public void batchRan(
      int batchRows, long batchTokens, long batchPadded, long computeNanos, boolean runFailed) {
    tokens.add(batchTokens);
    paddedTokens.add(batchPadded);
    if (runFailed) {
      failedRuns.increment();
    } else {
      // Rows over runs is the mean batch size on dashboards, so a run without rows does not count.
      runs.increment();
      rows.add(batchRows);
      lastInferenceMillis = epochMillis.getAsLong();
      tally(batchRows).add(computeNanos);
    }
  }

  /** At most as many sizes as the model's largest batch has rows. */
  private Tally tally(int batchRows) {
    Tally tally = batches.get(batchRows);
    return tally == null ? batches.computeIfAbsent(batchRows, size -> new Tally()) : tally;
  }

  @Override
  public void callEnded(int callRows, CallTiming timing, @Nullable Failure failure) {
    if (failure != null) {
      drops.add(Drop.of(failure), 1);
    }
    switch (failure) {
      case Failure.QueueFull full -> exceeded(full.limit());
      case Failure.TooLarge large -> exceeded(large.limit());
      case null, default -> {}
    }
  }

  private void exceeded(Budget budget) {
    switch (budget) {
      case WAITING_ROWS, TENANT_ROWS -> limitHits.add(Limit.QUEUE_ROWS, 1);
      case WAITING_TOKENS, TENANT_TOKENS -> limitHits.add(Limit.QUEUE_TOKENS, 1);
      case WAITING_BYTES, TENANT_BYTES -> limitHits.add(Limit.QUEUE_BYTES, 1);
      // The size of a batch follows the model: no request that is valid for it is larger.
      case BATCH_ROWS, BATCH_TOKENS, HELD_ANSWERS -> {}
    }
  }

  /** What waits and runs is asked of this from now on, until {@link #unwatch}. */
  void watch(Watched batcher) {
    watched.add(batcher);
  }

  void unwatch(Watched batcher) {
    watched.remove(batcher);
  }

  void turn() {
    stages.turn();
  }

  public ModelLabels labels() {
    return labels;
  }

  /** Requests answered so far. A request is counted here after its durations are recorded. */
  public long answeredCount() {
    return answered.sum();
  }

  /** Requests failed so far, by why. */
  public PerConstant<Outcome, Long> failures() {
    return failures.read();
  }

  /** The durations of one stage so far. A copy. */
  public Histogram durations(Stage stage) {
    return stages.read(stage);
  }

  /** The counts are read one after the other: requests that end meanwhile may show in some only. */
  public MeterReading read() {
    List<Batcher.Load> now = watched.stream().map(Watched::load).toList();
    List<Watched.Lanes> lanes = watched.stream().map(Watched::lanes).toList();
    // Read before what was accepted is: what is in flight never looks negative.
    long answeredNow = answered.sum();
    long failedNow = failed.sum();
    return new MeterReading(
        labels,
        lastInferenceMillis,
        answeredNow,
        failedNow,
        failures.read(),
        failedNanos.sum(),
        stageNanos.read(),
        stages.read(),
        new MeterReading.Batches(
            rows.sum(),
            runs.sum(),
            failedRuns.sum(),
            tokens.sum(),
            paddedTokens.sum(),
            Tally.read(batches)),
        new MeterReading.Scheduling(
            formed.sum(), formingNanos.sum(), oldestWaitNanos.sum(), drops.read()),
        limitHits.read(),
        new MeterReading.Pending(
            accepted.sum() - answeredNow - failedNow,
            now.stream().mapToLong(Batcher.Load::waitingCalls).sum(),
            now.stream().mapToLong(Batcher.Load::waitingRows).sum(),
            now.stream().mapToLong(Batcher.Load::waitingTokens).sum(),
            now.stream().mapToLong(Batcher.Load::runningRows).sum(),
            lanes.stream().mapToInt(Watched.Lanes::fit).sum(),
            lanes.stream().mapToInt(Watched.Lanes::out).sum()));
  }
}
