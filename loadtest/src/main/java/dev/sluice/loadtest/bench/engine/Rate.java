// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** How often some threads together do a piece of work in a second. Driven by one thread. */
final class Rate implements AutoCloseable {
  /** A piece of work for one thread, which keeps what it needs between calls. */
  interface Work extends AutoCloseable {
    void once() throws Exception;

    @Override
    default void close() {}
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LongSupplier nanoTime;

  Rate(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Each thread does its work until the time is over, at least once; its rate counts only whole
   * pieces and the time that they took, so that a long last piece falsifies nothing.
   */
  double perSecond(List<? extends Work> workers, Duration time)
      throws ExecutionException, InterruptedException {
    CyclicBarrier together = new CyclicBarrier(workers.size());
    List<Future<Double>> rates = new ArrayList<>();
    for (Work work : workers) {
      rates.add(threads.submit(() -> measure(work, together, time.toNanos())));
    }
    double sum = 0;
    for (Future<Double> rate : rates) {
      sum += rate.get();
    }
    return sum;
  }

  private double measure(Work work, CyclicBarrier together, long nanos) throws Exception {
    work.once();
    together.await();
    long start = nanoTime.getAsLong();
    long now = start;
    long done = 0;
    while (now - start < nanos) {
      work.once();
      done++;
      now = nanoTime.getAsLong();
    }
    return done * 1e9 / (now - start);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
