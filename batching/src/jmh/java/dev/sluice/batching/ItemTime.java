// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * What {@link ItemBench} measures, in processor time of its one thread: for a machine that others
 * keep busy too. Prints the least, the median and the 90th percentile of its rounds.
 */
public final class ItemTime {
  private static final int WARM_UP = 60;
  private static final int ROUNDS = 60;
  private static final int BATCHES = 2_000;
  private static final int BATCH = 32;

  private ItemTime() {}

  /** Takes no arguments; those of JMH are not heeded. */
  public static void main(String[] ignored) {
    for (int backlog : new int[] {0, 1_000}) {
      for (boolean dated : new boolean[] {false, true}) {
        double[] nanos = measure(backlog, dated);
        System.out.printf(
            "%5d waiting, %s a deadline: ns of an item %.0f, median %.0f, 90 %% %.0f%n",
            backlog,
            dated ? "with   " : "without",
            nanos[0],
            nanos[ROUNDS / 2],
            nanos[ROUNDS * 9 / 10]);
      }
    }
  }

  private static double[] measure(int backlog, boolean dated) {
    ItemBench bench = new ItemBench();
    bench.backlog = backlog;
    bench.dated = dated;
    bench.tenants = 1;
    bench.fill();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] nanos = new double[ROUNDS];
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      long start = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < BATCHES; i++) {
        bench.submitFormComplete();
      }
      double spent = (double) (threads.getCurrentThreadCpuTime() - start);
      nanos[round % ROUNDS] = spent / BATCHES / BATCH;
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
