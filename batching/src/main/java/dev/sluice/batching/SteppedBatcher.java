// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link DynamicBatcher} without threads, for simulations and tests: whoever holds it is its
 * lanes and its time. It decides exactly as the other does, and if clock and timer are
 * reproducible, so is everything here.
 *
 * <p>For use by one thread. A completion that throws is reported as in the other.
 */
public final class SteppedBatcher<T, R> {
  private final BatchCore<T, R> core;
  private final NanoClock clock;
  private final BatchObserver observer;
  private final List<@Nullable Isolation<T, R>> lanes = new ArrayList<>();

  SteppedBatcher(BatchCore<T, R> core, int lanes, NanoClock clock, BatchObserver observer) {
    this.core = core;
    this.clock = clock;
    this.observer = observer;
    for (int lane = 0; lane < lanes; lane++) {
      this.lanes.add(null);
    }
  }

  /** As {@link Batcher#submit}. */
  public Ticket submit(Call<T> call, Completion<R> completion) {
    return core.submit(
        Objects.requireNonNull(call, "call"), Objects.requireNonNull(completion, "completion"));
  }

  /** As {@link Batcher#load}. */
  public Batcher.Load load() {
    return core.load();
  }

  /** As {@link Batcher#fitLanes}. */
  public int fitLanes() {
    return core.fitLanes();
  }

  /** As {@link Batcher#stopAccepting}. */
  public void stopAccepting() {
    core.stopAccepting();
  }

  /** As {@link Batcher#close}, except that work of lanes may still be ended. */
  public void close() {
    core.close();
  }

  /**
   * How many entries all queues together hold, those not yet swept out included. Zero when every
   * call has been answered and {@link #next} has been asked since, or something leaks.
   */
  public int entries() {
    return core.entries();
  }

  /**
   * What the lane, whose last work has been ended, is to do now; null for nothing. To be asked
   * again after whatever happens.
   */
  public @Nullable Work<T, R> next(int lane) {
    Isolation<T, R> isolation = lanes.get(lane);
    if (isolation != null) {
      List<BatchItem<T, R>> part = isolation.next();
      if (part != null) {
        return new Run<>(this, lane, isolation, part);
      }
      finish(lane, isolation);
    }
    return switch (core.nextTask(lane)) {
      case null -> null;
      case LaneTask.Check<T, R> check -> new Check<>(this, lane);
      case FormedBatch<T, R> batch -> {
        lanes.set(lane, new Isolation<>(core, observer, batch));
        yield next(lane);
      }
    };
  }

  private void finish(int lane, Isolation<T, R> isolation) {
    lanes.set(lane, null);
    isolation.finish();
  }

  private void ended(int lane, Isolation<T, R> isolation) {
    if (isolation.isSettled()) {
      finish(lane, isolation);
    }
  }

  /** Something for a lane to do, which takes until one of its methods is called, once. */
  public sealed interface Work<T, R> {
    /** It ended as it should not. */
    void failed(Throwable cause);
  }

  /** Run these items together: a batch, or a part of one that failed. */
  public static final class Run<T, R> implements Work<T, R> {
    private final SteppedBatcher<T, R> batcher;
    private final int lane;
    private final Isolation<T, R> isolation;
    private final List<BatchItem<T, R>> part;
    private final long startNanos;

    private Run(
        SteppedBatcher<T, R> batcher,
        int lane,
        Isolation<T, R> isolation,
        List<BatchItem<T, R>> part) {
      this.batcher = batcher;
      this.lane = lane;
      this.isolation = isolation;
      this.part = part;
      this.startNanos = batcher.clock.nanoTime();
    }

    /** How many items they are. */
    int size() {
      return part.size();
    }

    public List<Item<T>> items() {
      return part.stream().map(BatchItem::item).toList();
    }

    /** What {@link BatchRunner#run} would have returned. */
    public void succeeded(List<R> results) {
      isolation.succeeded(part, results, nanos());
      batcher.ended(lane, isolation);
    }

    @Override
    public void failed(Throwable cause) {
      isolation.failed(part, cause, nanos());
      batcher.ended(lane, isolation);
    }

    private long nanos() {
      return batcher.clock.nanoTime() - startNanos;
    }
  }

  /** See whether the lane still works, as {@link BatchRunner#check} would. */
  public static final class Check<T, R> implements Work<T, R> {
    private final SteppedBatcher<T, R> batcher;
    private final int lane;

    private Check(SteppedBatcher<T, R> batcher, int lane) {
      this.batcher = batcher;
      this.lane = lane;
    }

    public void passed() {
      batcher.core.checked(lane, null);
    }

    @Override
    public void failed(Throwable cause) {
      batcher.core.checked(lane, cause);
    }
  }
}
