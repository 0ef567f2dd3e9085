// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.run.RunListener;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Tells how a run goes while it does: on a terminal one line that is written over each second, with
 * a curve of the slowest calls of the last half minute; elsewhere a line each ten seconds. Used by
 * one thread, but for {@link #close}, when that has ended.
 */
final class LiveView implements RunListener {
  private static final long EVERY_NANOS = 10_000_000_000L;
  private static final int CURVE = 30;
  private static final String BARS = "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";
  private static final String OVER = "\r\u001b[K";
  private static final double MILLI = 1e6;

  private final PrintWriter out;
  private final boolean terminal;
  private final Deque<Long> slowest = new ArrayDeque<>();
  private long told;
  private boolean drawn;

  LiveView(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void passed(Progress progress) {
    Interval interval = progress.interval();
    long now = interval.startNanos() + interval.lengthNanos();
    if (terminal) {
      slowest.addLast(interval.response().getValueAtPercentile(99));
      if (slowest.size() > CURVE) {
        slowest.removeFirst();
      }
      out.print(OVER + line(progress, now) + " " + curve());
      out.flush();
      drawn = true;
    } else if (now - told >= EVERY_NANOS) {
      told = now;
      out.println(line(progress, now));
    }
  }

  /** Leaves the terminal as it was. */
  void close() {
    if (drawn) {
      out.print(OVER);
      out.flush();
      drawn = false;
    }
  }

  private static String line(Progress progress, long now) {
    Interval interval = progress.interval();
    String line =
        String.format(
            Locale.ROOT,
            "%d s: %,d calls, %,.0f/s, p50 %.2f ms, p99 %.2f ms, %,d errors, %,d in flight",
            Math.round(now / 1e9),
            progress.count(),
            interval.perSecond(),
            interval.response().getValueAtPercentile(50) / MILLI,
            interval.response().getValueAtPercentile(99) / MILLI,
            progress.failed(),
            interval.inFlight());
    return progress.dropped() == 0
        ? line
        : line + String.format(Locale.ROOT, ", %,d dropped", progress.dropped());
  }

  /** From the fastest to the slowest of those shown, so that a change shows whatever its scale. */
  private String curve() {
    long least = slowest.stream().mapToLong(Long::longValue).min().orElse(0);
    long most = slowest.stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder curve = new StringBuilder();
    for (long value : slowest) {
      double height = most == least ? 0 : (value - least) / (double) (most - least);
      curve.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
    }
    return curve.toString();
  }
}
