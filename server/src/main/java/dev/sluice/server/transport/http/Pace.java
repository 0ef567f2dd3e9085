// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body, a request's or an answer's, moves fast enough: it has the body timeout, and a
 * second more for every {@code minBodyRate} bytes that have moved. Lives on one event loop, whose
 * clock it goes by.
 */
final class Pace {
  private final HttpSettings settings;
  private final EventExecutor loop;
  private final long startNanos;
  private final IntSupplier moved;
  private final Runnable tooSlow;
  private @Nullable Future<?> timer;

  /**
   * Begins to watch.
   *
   * @param moved how many bytes have, so far
   * @param tooSlow what to do then, at most once
   */
  Pace(HttpSettings settings, EventExecutor loop, IntSupplier moved, Runnable tooSlow) {
    this.settings = settings;
    this.loop = loop;
    this.startNanos = loop.ticker().nanoTime();
    this.moved = moved;
    this.tooSlow = tooSlow;
    check(settings.bodyTimeout().toNanos());
  }

  private void check(long nanos) {
    timer = loop.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    long earned = TimeUnit.SECONDS.toNanos(moved.getAsInt()) / settings.minBodyRate();
    long due = settings.bodyTimeout().toNanos() + earned;
    long left = due - (loop.ticker().nanoTime() - startNanos);
    if (left > 0) {
      check(left);
    } else {
      tooSlow.run();
    }
  }

  void stop() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
      timer = null;
    }
  }
}
