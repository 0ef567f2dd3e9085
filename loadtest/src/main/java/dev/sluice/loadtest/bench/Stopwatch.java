// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.BatchSizes;
import dev.sluice.loadtest.load.LoadException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Measures work while it goes on: what was done and what it cost between two looks, so that neither
 * its beginning nor its end counts.
 */
record Stopwatch(LongSupplier nanoTime) {
  private static final Duration RAMP = Duration.ofMillis(100);

  Sample measure(Work work, ProcessHandle process, Duration time)
      throws IOException, LoadException, InterruptedException {
    work.start();
    sleep(RAMP);
    work.record();
    BatchSizes batches = work.batches();
    Look before = look(work, process);
    sleep(time);
    Look after = look(work, process);
    BatchSizes run = work.batches().since(batches);
    Work.Latency latency = work.stop();
    double done = after.completed - before.completed;
    double seconds = 1e-9 * (after.nanos - before.nanos);
    double cpuSeconds = 1e-9 * (after.cpuNanos - before.cpuNanos);
    if (done == 0) {
      throw new LoadException("nothing was done in " + time.toMillis() + " ms; measure for longer");
    }
    // A tick of the processor's clock is 10 ms: a very short measurement may see none.
    return new Sample(
        done / seconds,
        done / Math.max(cpuSeconds, 0.01),
        run,
        latency.p50Millis(),
        latency.p99Millis(),
        Double.NaN);
  }

  private Look look(Work work, ProcessHandle process) throws IOException, LoadException {
    return new Look(work.completed(), nanoTime.getAsLong(), CpuTime.nanos(process));
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private record Look(long completed, long nanos, long cpuNanos) {}
}
