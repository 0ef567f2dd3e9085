// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

/**
 * Prints what it costs to record a request: run it by hand, on a machine with nothing else to do.
 * Not a test, as it is about time. {@code docs/operating.md} has the command.
 */
public final class RecordingCost {
  private static final int REQUESTS = 20_000_000;
  private static final int ROUNDS = 5;

  private RecordingCost() {}

  public static void main(String[] args) throws InterruptedException {
    for (int threads : new int[] {1, 2, 4, 8}) {
      for (int round = 0; round < ROUNDS; round++) {
        System.out.printf("%d thread(s): %.0f ns per request%n", threads, measure(threads));
      }
    }
  }

  /** Thread time per request: everything that answering one records. */
  private static double measure(int threads) throws InterruptedException {
    Telemetry telemetry = new Telemetry(() -> 0);
    try (var registered = telemetry.register(new ModelLabels("m", "1", "fp32"))) {
      long perThread = REQUESTS / threads;
      Thread[] all = new Thread[threads];
      long[] nanos = new long[threads];
      for (int i = 0; i < threads; i++) {
        int index = i;
        all[i] =
            Thread.ofPlatform().start(() -> nanos[index] = record(registered.meter(), perThread));
      }
      long sum = 0;
      for (int i = 0; i < threads; i++) {
        all[i].join();
        sum += nanos[i];
      }
      return (double) sum / (perThread * threads);
    }
  }

  private static StageTimes times(long total) {
    return new StageTimes(total / 32, total / 8, total / 4, total / 2, total / 16, total);
  }

  private static long record(ModelMeter meter, long requests) {
    var threads = java.lang.management.ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (long i = 0; i < requests; i++) {
      long total = 100_000 + (i & 0xFFFFF);
      meter.accepted();
      meter.answered(times(total));
    }
    return threads.getCurrentThreadCpuTime() - start;
  }
}
