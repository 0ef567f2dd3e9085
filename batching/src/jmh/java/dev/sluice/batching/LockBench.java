// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the batcher's lock is held, with real producers, one real lane and 1,000 dated calls
 * waiting: printed when a benchmark ends, of its last iteration. The score is the time from one
 * call to the next and means nothing here, as each call is held up until the backlog is long again.
 */
@SuppressWarnings("NullAway") // JMH calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 1, time = 5)
public class LockBench {
  private static final int BACKLOG = 1_000;
  private static final int BATCH = 32;
  private static final long TIMEOUT = 10_000_000_000L;

  /** After a run the lane answers, notes that it told, and that it is free; then it asks. */
  private static final int COMPLETE = 0;

  private static final int FIRST_OF_FORMING = 3;

  private final int[] lengths = new Random(1).ints(1024, 8, 256).toArray();
  private final Semaphore room = new Semaphore(2 * BATCH);
  private final Semaphore beyondBacklog = new Semaphore(0);

  /** How often the lane has held the lock since its last run. Owned by the lane. */
  private int sinceRun = -1;

  private TimedLock lock;
  private ThreadTimer timer;
  private BatchCore<Object, Object> core;
  private Thread lane;

  private final Completion<Object> done =
      new Completion<>() {
        @Override
        public void succeeded(List<Object> results, CallTiming timing) {
          room.release();
        }

        @Override
        public void failed(Failure failure, CallTiming timing) {
          room.release();
        }
      };

  @Setup
  public void start() {
    timer = new ThreadTimer(Thread.ofPlatform().daemon().factory());
    lock = new TimedLock(this::step);
    core =
        DynamicBatcher.builder(List.of(this::run), System::nanoTime, timer)
            .batchLimits(new BatchLimits(BATCH, 16_384, Duration.ZERO))
            .core(lock);
    for (int i = 0; i < BACKLOG; i++) {
      core.submit(call(), done);
    }
    lane = new Thread(new Lane<>(0, core, this::run, System::nanoTime, BatchObserver.NONE));
    lane.start();
  }

  private TimedLock.Step step() {
    if (!Thread.currentThread().equals(lane)) {
      return TimedLock.Step.SUBMIT;
    }
    int number = sinceRun++;
    return number == COMPLETE
        ? TimedLock.Step.COMPLETE
        : number >= FIRST_OF_FORMING ? TimedLock.Step.FORM : TimedLock.Step.OTHER;
  }

  private List<Object> run(List<Object> payloads) {
    // As many must have come since as would leave less than the backlog.
    beyondBacklog.acquireUninterruptibly(payloads.size());
    sinceRun = COMPLETE;
    return payloads;
  }

  private Call<Object> call() {
    int tokens = lengths[ThreadLocalRandom.current().nextInt(lengths.length)];
    Item<Object> item = new Item<>("payload", 1, tokens, 100, "shape");
    long deadline = System.nanoTime() + TIMEOUT;
    return new Call<>(List.of(item), deadline, Criticality.CRITICAL, "");
  }

  @Setup(Level.Iteration)
  public void forget() {
    lock.forget();
  }

  @TearDown
  public void stop() throws InterruptedException {
    String table = lock.table();
    core.close();
    beyondBacklog.release(BACKLOG);
    lane.join();
    timer.close();
    System.out.printf("%n%s", table);
  }

  @Benchmark
  @Threads(1)
  public void oneProducer() throws InterruptedException {
    submit();
  }

  @Benchmark
  @Threads(2)
  public void twoProducers() throws InterruptedException {
    submit();
  }

  @Benchmark
  @Threads(8)
  public void eightProducers() throws InterruptedException {
    submit();
  }

  private void submit() throws InterruptedException {
    room.acquire();
    core.submit(call(), done);
    beyondBacklog.release();
  }
}
