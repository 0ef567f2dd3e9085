// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.run.Loop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * An event loop of Netty.
 *
 * @param threadCpu processor time of the thread that asks
 */
record NettyLoop(EventLoop eventLoop, LongSupplier clock, LongSupplier threadCpu) implements Loop {
  @Override
  public long nanoTime() {
    return clock.getAsLong();
  }

  @Override
  public long cpuNanos() {
    return threadCpu.getAsLong();
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public void at(long nanoTime, Runnable task) {
    var unused =
        eventLoop.schedule(task, Math.max(0, nanoTime - clock.getAsLong()), TimeUnit.NANOSECONDS);
  }

  boolean isCurrent() {
    return eventLoop.inEventLoop();
  }
}
