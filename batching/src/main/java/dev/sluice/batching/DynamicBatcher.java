// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Batcher} whose lanes pull: a batch is formed when a lane is free to run it, never
 * earlier, from what waits at that moment.
 *
 * <ul>
 *   <li>One thread per runner. A lane does not wait while work waits, unless {@link
 *       BatchLimits#linger} asks for it; a full batch, a near deadline or draining end a linger.
 *   <li>Order: by class and level, then earliest deadline, then arrival. From the ageing time on,
 *       every fourth batch is formed by arrival, so nothing starves.
 *   <li>Tenants share what lanes can do by weight: none is ahead of another that wants something by
 *       more than about a batch.
 *   <li>What lanes can do is learned from what they did. A call that would be answered too late is
 *       refused, or dropped before anything is spent on it, as {@link Failure.WouldBeLate}.
 *   <li>A critical call that finds the queue full pushes out sheddable ones, {@link Failure.Shed}.
 *   <li>A call that alone exceeds a limit of the queue is refused as {@link Failure.TooLarge}, even
 *       when nothing waits.
 *   <li>A call that still waits at its deadline is answered {@link Failure.Expired} by the timer,
 *       however busy the lanes are. One whose items all run by then gets its results.
 *   <li>A failed batch is halved and run again to find its bad items, see {@link Isolation}.
 *   <li>A lane that gives no result three times in a row is checked and, if broken, taken out for a
 *       while; when all are out, calls fail with {@link Failure.NoLane}.
 *   <li>What a completion or an observer throws goes to the uncaught-exception handler of the
 *       thread that called it, and hurts nobody else.
 * </ul>
 *
 * <p>Safe for use by any number of threads. Completions run outside of the lock, on the thread that
 * ended the call; they may call the batcher, including {@link #close}.
 */
public final class DynamicBatcher<T, R> implements Batcher<T, R> {
  private final BatchCore<T, R> core;
  private final List<Thread> lanes = new ArrayList<>();

  private DynamicBatcher(Builder<T, R> from) {
    core = from.core();
    for (int i = 0; i < from.runners.size(); i++) {
      Lane<T, R> lane = new Lane<>(i, core, from.runners.get(i), from.clock, from.observer);
      lanes.add(Objects.requireNonNull(from.threads.newThread(lane), "thread of a lane"));
    }
  }

  /**
   * @param runners one for each lane; the batcher closes each on its lane's thread
   * @param clock what deadlines are measured on
   * @param timer wakes the batcher; stays open for as long as the batcher is
   */
  public static <T, R> Builder<T, R> builder(
      List<? extends BatchRunner<T, R>> runners, NanoClock clock, Timer timer) {
    return new Builder<>(runners, clock, timer);
  }

  @Override
  public Ticket submit(Call<T> call, Completion<R> completion) {
    return core.submit(
        Objects.requireNonNull(call, "call"), Objects.requireNonNull(completion, "completion"));
  }

  @Override
  public Load load() {
    return core.load();
  }

  @Override
  public int fitLanes() {
    return core.fitLanes();
  }

  @Override
  public void stopAccepting() {
    core.stopAccepting();
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return core.awaitAllAnswered(TimeUnit.NANOSECONDS.convert(limit));
  }

  /** Does not wait for the lanes when it is called on one: two that do so would wait for ever. */
  @Override
  public void close() {
    core.close();
    if (!lanes.contains(Thread.currentThread())) {
      joinLanes();
    }
  }

  private void joinLanes() {
    boolean interrupted = false;
    for (Thread lane : lanes) {
      while (lane.isAlive()) {
        try {
          lane.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void start() {
    try {
      lanes.forEach(Thread::start);
    } catch (Throwable thrown) {
      close();
      throw thrown;
    }
  }

  /** Settings of a batcher; every one has a default. Not safe for use by several threads. */
  public static final class Builder<T, R> {
    private final List<BatchRunner<T, R>> runners;
    private final NanoClock clock;
    private final Timer timer;
    private BatchLimits batchLimits = new BatchLimits(32, 16_384, Duration.ZERO);
    private QueueLimits queueLimits = new QueueLimits(4_096, 2_097_152, 268_435_456);
    private TenantShares tenants = TenantShares.EQUAL;
    private Selection selection = new LengthSelection();
    private Duration ageing = Duration.ofSeconds(1);
    private @Nullable Duration targetWait;
    private boolean keepsOrder;
    private boolean formsEarly;
    private @Nullable Item<?> largestItem;
    private BatchObserver observer = BatchObserver.NONE;
    private ThreadFactory threads = Thread.ofPlatform().name("lane-", 0).factory();

    private Builder(List<? extends BatchRunner<T, R>> runners, NanoClock clock, Timer timer) {
      this.runners = List.copyOf(runners);
      this.clock = Objects.requireNonNull(clock, "clock");
      this.timer = Objects.requireNonNull(timer, "timer");
      if (this.runners.isEmpty()) {
        throw new IllegalArgumentException("a batcher needs at least one runner");
      }
    }

    /** 32 rows, 16384 padded tokens and no linger, unless set. */
    public Builder<T, R> batchLimits(BatchLimits limits) {
      batchLimits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /** 4096 rows, 2 Mi tokens and 256 MiB, unless set. */
    public Builder<T, R> queueLimits(QueueLimits limits) {
      queueLimits = Objects.requireNonNull(limits, "limits");
      return this;
    }

    /** How long a call may wait before every fourth batch is formed by arrival; 1 s unless set. */
    public Builder<T, R> ageing(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("an ageing time cannot be negative: " + time);
      }
      ageing = time;
      return this;
    }

    /** Every tenant weighs the same and may fill the queue, unless set. */
    public Builder<T, R> tenants(TenantShares shares) {
      tenants = Objects.requireNonNull(shares, "shares");
      return this;
    }

    /**
     * What shares a batch with its head; {@link LengthSelection} unless set. Not asked where the
     * engine packs: there the most urgent do.
     */
    public Builder<T, R> selection(Selection policy) {
      selection = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * How long a call should wait at most while more comes than can be done: then calls are refused
     * as {@link Failure.Shed} rather than left to wait longer, the sheddable classes first. Unless
     * set, only the limits of the queue and deadlines bound the wait.
     */
    public Builder<T, R> targetWait(Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("a target wait must be longer than 0, not " + time);
      }
      targetWait = time;
      return this;
    }

    /**
     * Answers leave in the order in which their calls came in, whatever that costs. A refusal does
     * not wait for its turn. When as many answers are held back as rows may wait, calls are
     * refused.
     */
    public Builder<T, R> keepOrder() {
      keepsOrder = true;
      return this;
    }

    /**
     * Chooses the next batch while every lane is busy, as soon as a full one waits, so that the
     * lane that comes free first need not. Nothing is bound by that before it is launched. Takes
     * some microseconds out of the gap between two runs, tens with a long backlog: to be felt where
     * runs take well under a millisecond, and of no use elsewhere.
     */
    public Builder<T, R> formEarly() {
      formsEarly = true;
      return this;
    }

    /** Makes {@link #build} see to it that an item as large as this fits into a batch. */
    public Builder<T, R> largestItem(Item<?> item) {
      largestItem = Objects.requireNonNull(item, "item");
      return this;
    }

    public Builder<T, R> observer(BatchObserver hears) {
      observer = Objects.requireNonNull(hears, "observer");
      return this;
    }

    /** Makes, names and, by its uncaught-exception handler, watches the threads of the lanes. */
    public Builder<T, R> threadFactory(ThreadFactory factory) {
      threads = Objects.requireNonNull(factory, "factory");
      return this;
    }

    /** The state of a batcher of these settings, for whoever steps it. */
    BatchCore<T, R> core() {
      return core(new ReentrantLock());
    }

    /**
     * @param lock not used for anything else
     */
    BatchCore<T, R> core(ReentrantLock lock) {
      return new BatchCore<>(settings(), runners.size(), lock, clock, timer, observer);
    }

    BatchObserver observer() {
      return observer;
    }

    private BatcherSettings settings() {
      return new BatcherSettings(
          batchLimits,
          queueLimits,
          tenants,
          selection,
          TimeUnit.NANOSECONDS.convert(ageing),
          targetWait == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(targetWait),
          keepsOrder,
          formsEarly);
    }

    private void checkLargestItem() {
      if (largestItem != null) {
        new Bounds(batchLimits, queueLimits, tenants).checkFits(largestItem);
      }
    }

    /**
     * A batcher of these settings that starts no threads. Its lanes are as many as the runners,
     * which it does not use.
     */
    public SteppedBatcher<T, R> buildStepped() {
      checkLargestItem();
      return new SteppedBatcher<>(core(), runners.size(), clock, observer);
    }

    /** Starts the lanes. */
    public DynamicBatcher<T, R> build() {
      checkLargestItem();
      DynamicBatcher<T, R> batcher = new DynamicBatcher<>(this);
      batcher.start();
      return batcher;
    }
  }
}
