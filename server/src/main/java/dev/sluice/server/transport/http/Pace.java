// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body, a request's or an answer's, moves fast enough: it has the body timeout, and that
 * again whenever {@code minBodyRate} bytes have moved for each second of the last. A good start
 * earns nothing for later: what a socket's buffer takes at once, nobody has read yet. Lives on one
 * event loop, whose clock it goes by.
 */
final class Pace {
  private final HttpSettings settings;
  private final EventExecutor loop;
  private final IntSupplier moved;
  private final Runnable tooSlow;
  private final long needed;
  private int before;
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
    this.moved = moved;
    this.tooSlow = tooSlow;
    this.needed = Math.max(1, settings.minBodyRate() * settings.bodyTimeout().toMillis() / 1000);
    lookLater();
  }

  private void lookLater() {
    timer = loop.schedule(this::look, settings.bodyTimeout().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void look() {
    int now = moved.getAsInt();
    if (now - before >= needed) {
      before = now;
      lookLater();
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
