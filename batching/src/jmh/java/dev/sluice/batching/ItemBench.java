// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one item costs on its way through, on one thread and so without waiting for locks or
 * threads: submitted, chosen, launched, answered, in batches of 32. Beside it the floor: what the
 * caller's own objects and the lock pairs cost that no batcher goes without.
 */
@SuppressWarnings("NullAway") // JMH calls the set-up before anything else
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ItemBench {
  private static final int BATCH = 32;
  private static final long TIMEOUT = 10_000_000_000L;

  /** How many calls wait when a batch is chosen, beyond those of that batch. */
  @Param({"0", "1000"})
  public int backlog;

  @Param({"false", "true"})
  public boolean dated;

  @Param({"1", "16"})
  public int tenants;

  private final ReentrantLock lock = new ReentrantLock();
  private final int[] lengths = new Random(1).ints(1024, 8, 256).toArray();
  private final Count count = new Count();
  private SteppedBatcher<Object, Object> batcher;
  private List<Object> results;
  private String[] names;
  private int next;
  private int due;

  @Setup
  public void fill() {
    BatchRunner<Object, Object> unused = payloads -> payloads;
    Timer never = (delay, task) -> () -> {};
    batcher =
        DynamicBatcher.builder(List.of(unused), System::nanoTime, never)
            .batchLimits(new BatchLimits(BATCH, 16_384, Duration.ZERO))
            .buildStepped();
    results = Collections.nCopies(BATCH, "result");
    names = new String[tenants];
    for (int i = 0; i < tenants; i++) {
      names[i] = "tenant" + i;
    }
    for (int i = 0; i < backlog; i++) {
      batcher.submit(call(), count);
    }
  }

  private Call<Object> call() {
    int i = next++;
    Item<Object> item = new Item<>("payload", 1, lengths[i & 1023], 100, "shape");
    long deadline = dated ? System.nanoTime() + TIMEOUT : Call.NO_DEADLINE;
    return new Call<>(List.of(item), deadline, Criticality.CRITICAL, names[i % tenants]);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int submitFormComplete() {
    for (int i = 0; i < BATCH; i++) {
      batcher.submit(call(), count);
    }
    // Counted from the start: batches that are not full must not use up the backlog.
    due += BATCH;
    while (count.ended < due) {
      var work = batcher.next(0);
      if (work instanceof SteppedBatcher.Run<Object, Object> run) {
        int size = run.size();
        run.succeeded(size == BATCH ? results : results.subList(0, size));
      }
    }
    return count.ended;
  }

  @Benchmark
  public int submitCancel() {
    batcher.submit(call(), count).cancel();
    return count.ended;
  }

  @Benchmark
  public Object floorOfACall() {
    Call<Object> call = call();
    lock.lock();
    try {
      next++;
    } finally {
      lock.unlock();
    }
    return call;
  }

  private static final class Count implements Completion<Object> {
    private int ended;

    @Override
    public void succeeded(List<Object> all, CallTiming timing) {
      ended++;
    }

    @Override
    public void failed(Failure failure, CallTiming timing) {
      ended++;
    }
  }
}
