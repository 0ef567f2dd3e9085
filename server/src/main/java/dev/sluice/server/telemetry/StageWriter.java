// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * One thread's recorders, one per stage.
 *
 * <p>Only its thread calls {@link #record}; only the reader that holds the lock of {@link
 * StageHistograms} calls {@link #drainInto}. That the two may overlap without a lock is what {@link
 * SingleWriterRecorder} promises: the writer is wait-free, the reader swaps histograms and waits
 * for the writer to have left the old one.
 */
final class StageWriter {
  private static final Stage[] STAGES = Stage.values();

  private final Thread owner;
  private final PerConstant<Stage, Slot> slots = PerConstant.of(Stage.class, stage -> new Slot());

  StageWriter(Thread owner) {
    this.owner = owner;
  }

  void record(StageTimes times) {
    for (Stage stage : STAGES) {
      slots.get(stage).recorder.recordValue(Resolution.clamp(times.of(stage)));
    }
  }

  /** Nothing will be recorded any more. */
  boolean ownerEnded() {
    return !owner.isAlive();
  }

  /** Adds what was recorded since the last time. */
  void drainInto(PerConstant<Stage, Histogram> current) {
    current.forEach((stage, histogram) -> slots.get(stage).drainInto(histogram));
  }

  private static final class Slot {
    private final SingleWriterRecorder recorder = Resolution.recorder();
    private @Nullable Histogram spare;

    void drainInto(Histogram histogram) {
      Histogram interval = recorder.getIntervalHistogram(spare);
      spare = interval;
      if (interval.getTotalCount() > 0) {
        histogram.add(interval);
      }
    }
  }
}
