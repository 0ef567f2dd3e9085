// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Batcher} whose lanes pull: a batch is formed when a lane is free to run it, never
 * earlier, from what waits at that moment.
 *
 * <ul>
 *   <li>One thread per runner. A lane does not wait while work waits, unless {@link
 *       BatchLimits#linger} asks for it; a full batch, a near deadline or draining end a linger.
 *   <li>Order: by criticality, then earliest deadline, then arrival. From the ageing time on, every
 *       fourth batch is formed by arrival, so nothing starves.
 *   <li>A call that alone exceeds a limit of the queue is refused as {@link Failure.TooLarge}, even
 *       when nothing waits.
 *   <li>A call that still waits at its deadline is answered {@link Failure.Expired} by the timer,
 *       however busy the lanes are. One whose items all run by then gets its results.
 *   <li>A failed batch is halved and run again to find its bad items, see {@link IsolatingRunner}.
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
    long ageingNanos = TimeUnit.NANOSECONDS.convert(from.ageing);
    Backlog<T, R> backlog = new Backlog<>(from.batchLimits, from.queueLimits, ageingNanos);
    core = new BatchCore<>(backlog, from.clock, from.timer, from.observer);
    for (BatchRunner<T, R> runner : from.runners) {
      Lane<T, R> lane = new Lane<>(core, runner, from.clock, from.observer);
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
  public void stopAccepting() {
    core.stopAccepting();
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    return core.awaitAllAnswered(TimeUnit.NANOSECONDS.convert(limit));
  }

  /** Does not wait for the lane that it is called on, if it is. */
  @Override
  public void close() {
    core.close();
    boolean interrupted = false;
    for (Thread lane : lanes) {
      while (!lane.equals(Thread.currentThread()) && lane.isAlive()) {
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
    private Duration ageing = Duration.ofSeconds(1);
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

    public Builder<T, R> observer(BatchObserver hears) {
      observer = Objects.requireNonNull(hears, "observer");
      return this;
    }

    /** Makes, names and, by its uncaught-exception handler, watches the threads of the lanes. */
    public Builder<T, R> threadFactory(ThreadFactory factory) {
      threads = Objects.requireNonNull(factory, "factory");
      return this;
    }

    /** Starts the lanes. */
    public DynamicBatcher<T, R> build() {
      DynamicBatcher<T, R> batcher = new DynamicBatcher<>(this);
      batcher.start();
      return batcher;
    }
  }
}
