// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The durations of one model: recorded by many threads without a lock, each with its own {@link
 * StageWriter}; merged under this object's lock by whoever reads. At most one writer exists per
 * live thread that answers requests of the model (in practice its lanes); writers of threads that
 * ended are merged and dropped, so memory is bounded.
 */
final class StageHistograms {
  private final ThreadLocal<StageWriter> own = ThreadLocal.withInitial(this::newWriter);

  @GuardedBy("this")
  private final List<StageWriter> writers = new ArrayList<>();

  /** Since the model was loaded, up to the last turn. */
  @GuardedBy("this")
  private final PerConstant<Stage, Histogram> total = perStage();

  /** Since the last turn. */
  @GuardedBy("this")
  private PerConstant<Stage, Histogram> current = perStage();

  /** Between the last two turns. */
  @GuardedBy("this")
  private PerConstant<Stage, Histogram> last = perStage();

  /** Takes no lock but on a thread's first call. */
  void record(StageTimes times) {
    own.get().record(times);
  }

  private synchronized StageWriter newWriter() {
    StageWriter writer = new StageWriter(Thread.currentThread());
    writers.add(writer);
    return writer;
  }

  /** Everything recorded so far, and the last whole interval. Copies. */
  synchronized PerConstant<Stage, Durations> read() {
    collect();
    PerConstant<Stage, Histogram> before = total;
    PerConstant<Stage, Histogram> since = current;
    PerConstant<Stage, Histogram> interval = last;
    return PerConstant.of(
        Stage.class,
        stage -> {
          Histogram whole = before.get(stage).copy();
          whole.add(since.get(stage));
          return new Durations(whole, interval.get(stage).copy());
        });
  }

  /** Everything recorded so far of one stage. A copy. */
  synchronized Histogram read(Stage stage) {
    collect();
    Histogram whole = total.get(stage).copy();
    whole.add(current.get(stage));
    return whole;
  }

  /** Ends an interval and begins the next. */
  synchronized void turn() {
    collect();
    PerConstant<Stage, Histogram> ended = current;
    current = last;
    last = ended;
    current.forEach((stage, histogram) -> histogram.reset());
    total.forEach((stage, histogram) -> histogram.add(ended.get(stage)));
  }

  @GuardedBy("this")
  private void collect() {
    for (Iterator<StageWriter> each = writers.iterator(); each.hasNext(); ) {
      StageWriter writer = each.next();
      // Asked before the last values are fetched, so that none is lost.
      boolean ended = writer.ownerEnded();
      writer.drainInto(current);
      if (ended) {
        each.remove();
      }
    }
  }

  private static PerConstant<Stage, Histogram> perStage() {
    return PerConstant.of(Stage.class, stage -> Resolution.histogram());
  }

  /**
   * @param total since the model was loaded
   * @param lastInterval the last whole interval
   */
  record Durations(Histogram total, Histogram lastInterval) {}
}
