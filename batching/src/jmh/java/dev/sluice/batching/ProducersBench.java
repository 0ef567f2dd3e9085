// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Real producers and one real lane whose runner takes no time, with at most 1024 calls under way:
 * the time from one item to the next, which is that of the slower side.
 */
@SuppressWarnings("NullAway") // JMH calls the set-up before anything else
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class ProducersBench {
  private static final int UNDER_WAY = 1_024;

  private final Semaphore room = new Semaphore(UNDER_WAY);
  private final Item<Object> item = new Item<>("payload", 1, 32, 100, "shape");
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
  private DynamicBatcher<Object, Object> batcher;
  private ThreadTimer timer;

  @Setup
  public void start() {
    timer = new ThreadTimer(Thread.ofPlatform().daemon().factory());
    BatchRunner<Object, Object> echo = payloads -> payloads;
    batcher =
        DynamicBatcher.builder(List.of(echo), System::nanoTime, timer)
            .batchLimits(new BatchLimits(64, 16_384, Duration.ZERO))
            .build();
  }

  @TearDown
  public void stop() {
    batcher.close();
    timer.close();
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
    batcher.submit(new Call<>(List.of(item), Call.NO_DEADLINE, Criticality.CRITICAL, ""), done);
  }
}
