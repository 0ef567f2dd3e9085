// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.Interval;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Puts together what the loops hand over, period by period, and tells of each period when all loops
 * have handed it over. Loops only leave their tallies; the work is done on the reporting thread,
 * which alone uses everything here but the queue of empty tallies.
 */
final class Ledger {
  private final long periodNanos;
  private final Executor reporting;
  private final Consumer<Throwable> failed;
  private final Book book;
  private final Queue<Tally> empty = new ConcurrentLinkedQueue<>();
  private final TreeMap<Long, Page> pages = new TreeMap<>();
  private final long[] handedOver;
  private int open;
  private double cpuShare;

  /** Reads what was put together, on the reporting thread. */
  interface Book {
    /**
     * @param tally of this interval, not to be kept
     */
    void add(Interval interval, Tally tally);

    /** All loops are done. */
    void close(double cpuShare);
  }

  private static final class Page {
    final Tally tally = new Tally();
    long inFlight;
    long end;
  }

  /**
   * @param failed told where the book or a listener to it throws, which ends the run
   */
  Ledger(int loops, long periodNanos, Executor reporting, Book book, Consumer<Throwable> failed) {
    this.failed = failed;
    this.periodNanos = periodNanos;
    this.reporting = reporting;
    this.book = book;
    this.handedOver = new long[loops];
    this.open = loops;
  }

  long periodNanos() {
    return periodNanos;
  }

  Tally empty() {
    Tally cleared = empty.poll();
    return cleared == null ? new Tally() : cleared;
  }

  /**
   * @param number of the period, from 0; the next each time
   */
  void period(int loop, long number, Tally tally, int inFlight) {
    report(
        () -> {
          handedOver[loop] = number + 1;
          enter(number, tally, inFlight, (number + 1) * periodNanos);
        });
  }

  /** The loop is done, within this period. */
  void last(int loop, long number, Tally tally, double cpu, long end) {
    report(
        () -> {
          handedOver[loop] = Long.MAX_VALUE;
          cpuShare = Math.max(cpuShare, cpu);
          open--;
          enter(number, tally, 0, Math.max(number * periodNanos, end));
          if (open == 0) {
            book.close(cpuShare);
          }
        });
  }

  private void report(Runnable task) {
    reporting.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException | Error e) {
            failed.accept(e);
          }
        });
  }

  private void enter(long number, Tally tally, int inFlight, long end) {
    Page page = pages.computeIfAbsent(number, fresh -> new Page());
    page.tally.add(tally);
    page.inFlight += inFlight;
    page.end = Math.max(page.end, end);
    tally.clear();
    empty.add(tally);
    long complete = Long.MAX_VALUE;
    for (long each : handedOver) {
      complete = Math.min(complete, each);
    }
    while (!pages.isEmpty() && pages.firstKey() < complete) {
      var first = pages.pollFirstEntry();
      publish(first.getKey(), first.getValue());
    }
  }

  private void publish(long number, Page page) {
    long start = number * periodNanos;
    Tally tally = page.tally;
    book.add(
        new Interval(
            start,
            page.end - start,
            tally.good.response,
            tally.good.service,
            tally.faults(),
            page.inFlight),
        tally);
  }
}
