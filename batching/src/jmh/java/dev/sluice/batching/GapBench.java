// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The gap between two runs of a lane: from asking for the next batch to having it, with and without
 * {@link DynamicBatcher.Builder#formEarly}. What is timed ends before the batch is answered.
 */
@SuppressWarnings("NullAway") // JMH calls the set-up before anything else
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class GapBench {
  private static final int BATCH = 32;

  @Param({"false", "true"})
  public boolean early;

  @Param({"0", "500"})
  public int backlog;

  private final int[] lengths = new Random(1).ints(1024, 8, 256).toArray();
  private SteppedBatcher<Object, Object> batcher;
  private SteppedBatcher.Run<Object, Object> running;
  private int next;

  @Setup
  public void start() {
    BatchRunner<Object, Object> unused = payloads -> payloads;
    Timer never = (delay, task) -> () -> {};
    var builder =
        DynamicBatcher.builder(List.of(unused), System::nanoTime, never)
            .batchLimits(new BatchLimits(BATCH, 16_384, Duration.ZERO));
    batcher = (early ? builder.formEarly() : builder).buildStepped();
    for (int i = 0; i < backlog; i++) {
      submit();
    }
  }

  private void submit() {
    Item<Object> item = new Item<>("payload", 1, lengths[next++ & 1023], 100, "shape");
    Completion<Object> nobody =
        new Completion<>() {
          @Override
          public void succeeded(List<Object> results, CallTiming timing) {}

          @Override
          public void failed(Failure failure, CallTiming timing) {}
        };
    batcher.submit(new Call<>(List.of(item), Call.NO_DEADLINE, Criticality.CRITICAL, ""), nobody);
  }

  @Setup(Level.Invocation)
  public void arrive() {
    for (int i = 0; i < BATCH; i++) {
      submit();
    }
  }

  @Benchmark
  public Object nextBatch() {
    running = (SteppedBatcher.Run<Object, Object>) batcher.next(0);
    return running;
  }

  @TearDown(Level.Invocation)
  public void answer() {
    int rows = running.size();
    running.succeeded(Collections.nCopies(rows, "result"));
    // As many leave as came.
    while (batcher.load().waitingRows() > backlog) {
      running = (SteppedBatcher.Run<Object, Object>) batcher.next(0);
      running.succeeded(Collections.nCopies(running.size(), "result"));
    }
  }
}
