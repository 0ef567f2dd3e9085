// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.shaped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Errors where calls are admitted, launched, ended and told: nobody is left without an answer. */
class ExactlyOnceTest {
  private final VirtualTime time = new VirtualTime(0);
  private final List<Throwable> uncaught = new ArrayList<>();

  /** In place of an {@link OutOfMemoryError}, at which a test runner that sees it gives up. */
  private final Error error = new InternalError("as a test has it");

  @BeforeEach
  void listen() {
    Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
  }

  @AfterEach
  void leave() {
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }

  private SteppedBatcher<String, String> batcher(
      Timer timer, UnaryOperator<DynamicBatcher.Builder<String, String>> settings) {
    BatchRunner<String, String> unused = payloads -> payloads;
    DynamicBatcher.Builder<String, String> builder =
        DynamicBatcher.builder(List.of(unused), time, timer)
            .batchLimits(new BatchLimits(4, 1_000, Duration.ZERO));
    return settings.apply(builder).buildStepped();
  }

  private static Answer submit(SteppedBatcher<String, String> batcher, Call<String> call) {
    Answer answer = new Answer();
    batcher.submit(call, answer);
    return answer;
  }

  /** Runs whatever there is to run, with these results. */
  private static void run(
      SteppedBatcher<String, String> batcher, UnaryOperator<List<String>> results) {
    int runs = 0;
    while (batcher.next(0) instanceof SteppedBatcher.Run<String, String> run) {
      assertThat(++runs).as("it comes to an end").isLessThan(100);
      run.succeeded(results.apply(run.items().stream().map(Item::payload).toList()));
    }
  }

  private static void assertNothingIsLeft(SteppedBatcher<String, String> batcher) {
    assertThat(batcher.next(0)).isNull();
    assertThat(batcher.load()).isEqualTo(new Batcher.Load(0, 0, 0, 0));
    assertThat(batcher.entries()).isZero();
  }

  /** Throws whatever it is told, and counts. */
  private final class Throwing implements Completion<String> {
    private int told;

    @Override
    public void succeeded(List<String> results, CallTiming timing) {
      told++;
      throw error;
    }

    @Override
    public void failed(Failure failure, CallTiming timing) {
      told++;
      throw error;
    }
  }

  @Test
  void a_completion_that_throws_is_told_once_and_costs_nobody_his_answer() {
    aCompletionThrows(batcher(time, settings -> settings));
  }

  @Test
  void a_completion_that_throws_does_not_hold_up_those_that_wait_for_their_turn() {
    aCompletionThrows(batcher(time, DynamicBatcher.Builder::keepOrder));
  }

  private void aCompletionThrows(SteppedBatcher<String, String> batcher) {
    Throwing answered = new Throwing();
    Throwing expired = new Throwing();
    batcher.submit(call("a"), answered);
    Answer mate = submit(batcher, call("mate"));
    batcher.submit(due(call("late"), 5), expired);
    Answer last = submit(batcher, due(call("last"), 5));
    if (batcher.next(0) instanceof SteppedBatcher.Run<String, String> run) {
      time.advance(10);
      Answer hopeless = submit(batcher, due(call("hopeless"), 5));
      assertThat(hopeless.only()).isEqualTo(new Failure.Expired());
      run.succeeded(List.of("a", "b", "c", "d"));
    }
    run(batcher, payloads -> payloads);
    assertThat(List.of(answered.told, expired.told)).containsExactly(1, 1);
    assertThat(List.of(mate.count(), last.count())).containsExactly(1, 1);
    assertThat(uncaught).containsExactly(error, error);
    assertNothingIsLeft(batcher);
  }

  @Test
  void results_that_cannot_be_read_are_a_failed_run() {
    SteppedBatcher<String, String> batcher = batcher(time, settings -> settings);
    Answer one = submit(batcher, call("one"));
    Answer many = submit(batcher, callOf(6, "n"));
    run(
        batcher,
        payloads ->
            new AbstractList<>() {
              @Override
              public String get(int index) {
                throw error;
              }

              @Override
              public int size() {
                return payloads.size();
              }
            });
    assertThat(List.of(one.only(), many.only())).containsOnly(new Failure.RunFailed(error));
    Answer later = submit(batcher, call("later"));
    run(batcher, payloads -> payloads);
    assertThat(later.only()).isEqualTo(List.of("later"));
    assertNothingIsLeft(batcher);
  }

  @Test
  void a_timer_that_throws_undoes_no_admission_and_is_asked_again() {
    boolean[] broken = {true};
    Timer timer =
        (delay, task) -> {
          if (broken[0]) {
            throw error;
          }
          return time.schedule(delay, task);
        };
    SteppedBatcher<String, String> batcher = batcher(timer, settings -> settings);
    Answer first = submit(batcher, due(call("first"), 50));
    assertThat(uncaught).containsExactly(error);
    broken[0] = false;
    Answer second = submit(batcher, due(call("second"), 60));
    time.advance(50);
    assertThat(first.only()).isEqualTo(new Failure.Expired());
    broken[0] = true;
    Answer third = submit(batcher, due(call("third"), 1_000));
    run(batcher, payloads -> payloads);
    assertThat(List.of(second.only(), third.only()))
        .containsExactly(List.of("second"), List.of("third"));
    assertNothingIsLeft(batcher);
  }

  @Test
  void an_alarm_that_cannot_be_cancelled_keeps_nobody_from_hearing_of_the_close() {
    Timer.Alarm stuck =
        () -> {
          throw error;
        };
    SteppedBatcher<String, String> batcher = batcher((delay, task) -> stuck, settings -> settings);
    Answer waiting = submit(batcher, due(call("waiting"), 50));
    assertThatThrownBy(batcher::close).isEqualTo(error);
    assertThat(waiting.only()).isEqualTo(new Failure.Closed());
    assertNothingIsLeft(batcher);
  }

  @Test
  void a_shape_that_cannot_be_compared_undoes_no_admission() {
    boolean[] broken = {false};
    Object key =
        new Object() {
          @Override
          public boolean equals(Object other) {
            if (broken[0]) {
              throw error;
            }
            return other == this;
          }

          @Override
          public int hashCode() {
            return 1;
          }
        };
    SteppedBatcher<String, String> batcher =
        batcher(
            time,
            settings -> settings.batchLimits(new BatchLimits(9, 1_000, Duration.ofNanos(50))));
    Answer head = submit(batcher, call(shaped("head", key)));
    assertThat(batcher.next(0)).as("it lingers").isNull();
    broken[0] = true;
    Answer other = submit(batcher, call("other"));
    assertThat(uncaught).containsExactly(error);
    broken[0] = false;
    time.advance(50);
    run(batcher, payloads -> payloads);
    assertThat(List.of(head.only(), other.only()))
        .containsExactly(List.of("head"), List.of("other"));
    assertNothingIsLeft(batcher);
  }
}
