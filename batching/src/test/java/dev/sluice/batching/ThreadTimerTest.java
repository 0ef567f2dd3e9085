// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadTimerTest {
  private final CountDownLatch handled = new CountDownLatch(1);
  private final ThreadTimer timer =
      new ThreadTimer(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, thrown) -> handled.countDown())
              .factory());

  @Test
  void runs_tasks_and_lives_on_when_one_throws() throws InterruptedException {
    try (timer) {
      CountDownLatch ran = new CountDownLatch(1);
      timer.schedule(
          0,
          () -> {
            throw new IllegalStateException("task");
          });
      timer.schedule(1, ran::countDown);
      ran.await();
      handled.await();
    }
  }

  @Test
  void a_cancelled_task_does_not_run() throws InterruptedException {
    try (timer) {
      AtomicBoolean ranAnyway = new AtomicBoolean();
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      timer.schedule(
          0,
          () -> {
            started.countDown();
            awaitUninterruptibly(goOn);
          });
      started.await();
      timer.schedule(0, () -> ranAnyway.set(true)).cancel();
      goOn.countDown();
      CountDownLatch after = new CountDownLatch(1);
      timer.schedule(0, after::countDown);
      after.await();
      assertThat(ranAnyway).isFalse();
    }
  }

  @Test
  void after_close_tasks_are_dropped() {
    timer.close();
    timer.schedule(0, () -> {}).cancel();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
