// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import java.util.function.Consumer;

/** A loop on which a task that throws ends the run, where it would go unheard otherwise. */
record GuardedLoop(Loop loop, Consumer<Throwable> failed) implements Loop {
  @Override
  public long nanoTime() {
    return loop.nanoTime();
  }

  @Override
  public long cpuNanos() {
    return loop.cpuNanos();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(() -> guarded(task));
  }

  @Override
  public void at(long nanoTime, Runnable task) {
    loop.at(nanoTime, () -> guarded(task));
  }

  void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      failed.accept(e);
    }
  }
}
