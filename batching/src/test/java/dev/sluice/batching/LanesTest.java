// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real lanes, held and let go by latches. */
@Timeout(30)
class LanesTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
  private final Queue<String> ran = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean runnerClosed = new AtomicBoolean();
  private final CountDownLatch letGo = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);
  private final VirtualTime time = new VirtualTime(0);

  /** Waits in its run for "hold" until let go; throws for "bad"; echoes the rest. */
  private final BatchRunner<String, String> runner =
      new BatchRunner<>() {
        @Override
        public List<String> run(List<String> payloads) throws InterruptedException {
          ran.addAll(payloads);
          if (payloads.contains("hold")) {
            held.countDown();
            letGo.await();
          }
          if (payloads.contains("bad")) {
            throw new StackOverflowError("bad");
          }
          return payloads;
        }

        @Override
        public void close() {
          runnerClosed.set(true);
        }
      };

  private DynamicBatcher<String, String> batcher(BatchObserver observer) {
    ThreadFactory threads =
        Thread.ofPlatform()
            .name("test-lane-", 0)
            .uncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown))
            .factory();
    return DynamicBatcher.builder(List.of(runner), time, time)
        .batchLimits(new BatchLimits(4, 100, Duration.ZERO))
        .threadFactory(threads)
        .observer(observer)
        .build();
  }

  private static Answer submit(Batcher<String, String> batcher, Call<String> call) {
    Answer answer = new Answer();
    batcher.submit(call, answer);
    return answer;
  }

  @Test
  void answers_and_drains() throws InterruptedException {
    try (Batcher<String, String> batcher = batcher(BatchObserver.NONE)) {
      Answer answer = submit(batcher, callOf(10, "n"));
      batcher.stopAccepting();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(answer.only().toString()).isEqualTo("[n0, n1, n2, n3, n4, n5, n6, n7, n8, n9]");
    }
    assertThat(runnerClosed).isTrue();
  }

  @Test
  void a_call_expires_while_the_only_lane_is_busy() throws InterruptedException {
    try (Batcher<String, String> batcher = batcher(BatchObserver.NONE)) {
      Answer running = submit(batcher, call("hold"));
      held.await();
      Answer waiting = submit(batcher, due(call("late"), 100));
      assertThat(batcher.awaitIdle(Duration.ZERO)).isFalse();
      time.advance(100);
      assertThat(waiting.only()).isEqualTo(new Failure.Expired());
      letGo.countDown();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(running.only()).isEqualTo(List.of("hold"));
    }
    assertThat(ran).containsExactly("hold");
  }

  @Test
  void close_runs_what_runs_and_fails_what_waits() throws InterruptedException {
    Batcher<String, String> batcher = batcher(BatchObserver.NONE);
    Answer running = submit(batcher, call("hold"));
    held.await();
    CountDownLatch refused = new CountDownLatch(1);
    Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    batcher.submit(
        call("waits"),
        new Completion<>() {
          @Override
          public void succeeded(List<String> results, CallTiming timing) {}

          @Override
          public void failed(Failure failure, CallTiming timing) {
            failures.add(failure);
            refused.countDown();
          }
        });
    Thread closer = Thread.ofPlatform().start(batcher::close);
    refused.await();
    assertThat(running.isOpen()).isTrue();
    assertThat(runnerClosed).isFalse();
    letGo.countDown();
    closer.join();
    assertThat(failures).containsExactly(new Failure.Closed());
    assertThat(running.only()).isEqualTo(List.of("hold"));
    assertThat(runnerClosed).isTrue();
    assertThat(submit(batcher, call("after")).only()).isEqualTo(new Failure.Closed());
    batcher.close();
  }

  @Test
  void a_completion_may_close_the_batcher() throws InterruptedException {
    Batcher<String, String> batcher = batcher(BatchObserver.NONE);
    CountDownLatch closed = new CountDownLatch(1);
    batcher.submit(
        call("a"),
        new Completion<>() {
          @Override
          public void succeeded(List<String> results, CallTiming timing) {
            batcher.close();
            closed.countDown();
          }

          @Override
          public void failed(Failure failure, CallTiming timing) {}
        });
    closed.await();
    batcher.close();
    assertThat(runnerClosed).isTrue();
  }

  @Test
  void two_completions_that_close_the_batcher_do_not_wait_for_each_other()
      throws InterruptedException {
    CountDownLatch bothEnded = new CountDownLatch(2);
    CountDownLatch closed = new CountDownLatch(2);
    Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(runner, runner), time, time)
            .batchLimits(new BatchLimits(1, 100, Duration.ZERO))
            .build();
    for (int i = 0; i < 2; i++) {
      batcher.submit(
          call("a"),
          new Completion<>() {
            @Override
            public void succeeded(List<String> results, CallTiming timing) {
              bothEnded.countDown();
              try {
                bothEnded.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              batcher.close();
              closed.countDown();
            }

            @Override
            public void failed(Failure failure, CallTiming timing) {}
          });
    }
    closed.await();
    batcher.close();
  }

  @Test
  void whatever_is_thrown_the_lane_lives_and_batch_mates_are_answered()
      throws InterruptedException {
    BatchObserver broken =
        new BatchObserver() {
          @Override
          public void batchRan(
              int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
            throw new IllegalStateException("observer, batch");
          }

          @Override
          public void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {
            throw new IllegalStateException("observer, call");
          }
        };
    try (Batcher<String, String> batcher = batcher(broken)) {
      submit(batcher, call("hold"));
      held.await();
      batcher.submit(call("thrower"), new ThrowingCompletion());
      Answer bad = submit(batcher, call("bad"));
      Answer mate = submit(batcher, call("mate"));
      letGo.countDown();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(mate.only()).isEqualTo(List.of("mate"));
      assertThat(bad.only()).isInstanceOf(Failure.RunFailed.class);
      Answer later = submit(batcher, call("later"));
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(later.only()).isEqualTo(List.of("later"));
    }
    assertThat(uncaught)
        .extracting(Throwable::getMessage)
        .contains("completion", "observer, batch", "observer, call");
  }

  @Test
  void an_interrupt_left_behind_by_a_run_does_not_reach_the_next() throws InterruptedException {
    BatchRunner<String, String> interrupting =
        payloads -> {
          ran.add(Thread.currentThread().isInterrupted() ? "interrupted" : "clean");
          Thread.currentThread().interrupt();
          return payloads;
        };
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(interrupting), time, time).build()) {
      submit(batcher, call("a"));
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      submit(batcher, call("b"));
      assertThat(batcher.awaitIdle(LONG)).isTrue();
    }
    assertThat(ran).containsExactly("clean", "clean");
  }

  @Test
  void the_timer_wakes_a_lane_at_the_end_of_a_linger() throws InterruptedException {
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(runner), time, time)
            .batchLimits(new BatchLimits(4, 100, Duration.ofNanos(50)))
            .build()) {
      Answer answer = submit(batcher, call("a"));
      time.advance(49);
      assertThat(answer.isOpen()).isTrue();
      time.advance(1);
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(answer.only()).isEqualTo(List.of("a"));
    }
  }

  @Test
  void calls_that_come_during_a_linger_do_not_wake_the_lane() throws InterruptedException {
    Queue<Thread> lanes = new ConcurrentLinkedQueue<>();
    AtomicInteger looks = new AtomicInteger();
    NanoClock counting =
        () -> {
          looks.addAndGet(Thread.currentThread().getName().equals("lingering") ? 1 : 0);
          return time.nanoTime();
        };
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(runner), counting, time)
            .batchLimits(new BatchLimits(1_000, 1_000, Duration.ofNanos(50)))
            .threadFactory(
                task -> {
                  Thread lane = Thread.ofPlatform().name("lingering").unstarted(task);
                  lanes.add(lane);
                  return lane;
                })
            .build()) {
      for (int i = 0; i < 200; i++) {
        submit(batcher, call("n"));
        watch(lanes.element());
      }
      assertThat(looks.get()).as("when it starts, and for the first call").isLessThan(10);
      submit(batcher, callOf(800, "the rest"));
      assertThat(batcher.awaitIdle(LONG)).isTrue();
    }
    assertThat(ran).hasSize(1_000);
  }

  @Test
  void a_full_batch_behind_a_head_that_is_taken_back_does_not_wait_for_the_timer()
      throws InterruptedException {
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(runner), time, time)
            .batchLimits(new BatchLimits(4, 100, Duration.ofNanos(50)))
            .build()) {
      Ticket head = batcher.submit(call("head"), new Answer());
      submit(batcher, call(shaped("a", "other"), shaped("b", "other")));
      submit(batcher, call(shaped("c", "other"), shaped("d", "other")));
      head.cancel();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
    }
    assertThat(ran).containsExactly("a", "b", "c", "d");
  }

  /** Looks at a thread that waits for as long as it takes to wake one, so that it is noticed. */
  private static void watch(Thread thread) {
    for (int look = 0; look < 5_000 && thread.getState() == Thread.State.WAITING; look++) {
      Thread.onSpinWait();
    }
  }

  @Test
  void a_call_of_two_batches_wakes_two_idle_lanes() throws InterruptedException {
    CountDownLatch both = new CountDownLatch(2);
    BatchRunner<String, String> meeting =
        payloads -> {
          both.countDown();
          both.await();
          return payloads;
        };
    Queue<Thread> lanes = new ConcurrentLinkedQueue<>();
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(meeting, meeting), time, time)
            .batchLimits(new BatchLimits(1, 1, Duration.ZERO))
            .threadFactory(
                lane -> {
                  Thread thread = new Thread(lane);
                  lanes.add(thread);
                  return thread;
                })
            .build()) {
      while (!lanes.stream().allMatch(lane -> lane.getState() == Thread.State.WAITING)) {
        Thread.onSpinWait();
      }
      Answer answer = submit(batcher, callOf(2, "n"));
      both.await();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(answer.only()).isEqualTo(List.of("n0", "n1"));
    }
  }

  @Test
  @SuppressWarnings("NullAway") // a runner that breaks its contract
  void bad_answers_of_a_runner_are_failures() throws InterruptedException {
    BatchRunner<String, String> wrong =
        payloads ->
            switch (payloads.get(0)) {
              case "too few" -> List.of();
              case "too many" -> List.of("a", "b");
              default -> null;
            };
    try (Batcher<String, String> batcher =
        DynamicBatcher.builder(List.of(wrong), time, time)
            .batchLimits(new BatchLimits(1, 1, Duration.ZERO))
            .build()) {
      List<Answer> answers =
          List.of("too few", "too many", "none").stream()
              .map(name -> submit(batcher, call(name)))
              .toList();
      assertThat(batcher.awaitIdle(LONG)).isTrue();
      assertThat(answers)
          .extracting(answer -> ((Failure.RunFailed) answer.only()).cause().getMessage())
          .containsExactly(
              "the runner gave 0 results for 1 payloads",
              "the runner gave 2 results for 1 payloads",
              "the runner gave no list of results");
    }
  }

  private static final class ThrowingCompletion implements Completion<String> {
    @Override
    public void succeeded(List<String> results, CallTiming timing) {
      throw new AssertionError("completion");
    }

    @Override
    public void failed(Failure failure, CallTiming timing) {
      throw new AssertionError("completion");
    }
  }
}
