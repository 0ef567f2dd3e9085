// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IsolationTest {
  private static final BatchLimits WIDE = new BatchLimits(1_024, 100_000, Duration.ZERO);

  private final Stepped batcher = new Stepped(WIDE);

  static IntStream sizes() {
    return IntStream.rangeClosed(2, 16);
  }

  private List<Answer> submitEach(int count) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      answers.add(batcher.submit(call("n" + i)));
    }
    return answers;
  }

  private static void assertRunFailed(Answer answer, String message) {
    assertThat(answer.only())
        .isInstanceOfSatisfying(
            Failure.RunFailed.class,
            failed -> assertThat(failed.cause()).hasMessageContaining(message));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void one_bad_item_wherever_it_stands_hurts_nobody_else(int size) {
    int levels = 32 - Integer.numberOfLeadingZeros(size - 1);
    for (int bad = 0; bad < size; bad++) {
      batcher.runs.clear();
      batcher.poison("n" + bad);
      List<Answer> answers = submitEach(size);
      batcher.step();
      for (int i = 0; i < size; i++) {
        if (i == bad) {
          assertRunFailed(answers.get(i), "n" + bad);
        } else {
          assertThat(answers.get(i).only()).isEqualTo(List.of("N" + i));
        }
      }
      assertThat(batcher.runs.size() - 1).as("extra runs").isLessThanOrEqualTo(2 * levels);
      batcher.assertNothingIsLeft();
    }
  }

  @Test
  void four_bad_items_far_apart_in_a_large_batch_are_all_found() {
    batcher.poison("n0", "n255", "n600", "n1023");
    List<Answer> answers = submitEach(1_024);
    batcher.step();
    long failed = answers.stream().filter(a -> a.only() instanceof Failure.RunFailed).count();
    assertThat(failed).isEqualTo(4);
    batcher.assertNothingIsLeft();
  }

  @Test
  void a_model_that_always_fails_is_not_run_without_end() {
    batcher.model(
        payload -> {
          throw new IllegalStateException("broken");
        });
    List<Answer> answers = submitEach(1_024);
    batcher.step();
    answers.forEach(answer -> assertRunFailed(answer, "broken"));
    assertThat(batcher.runs).hasSize(1 + Isolation.RERUNS_PER_LEVEL * 10);
    batcher.assertNothingIsLeft();
  }

  @Test
  void errors_are_failures_like_others() {
    batcher.model(
        payload -> {
          if (payload.equals("n1")) {
            throw new OutOfMemoryError("device memory");
          }
          return payload;
        });
    List<Answer> answers = submitEach(3);
    batcher.step();
    assertRunFailed(answers.get(1), "device memory");
    assertThat(answers.get(2).only()).isEqualTo(List.of("n2"));
  }

  @Test
  void a_batch_that_is_only_too_much_at_once_is_answered_in_parts() {
    Stepped small = new Stepped(WIDE);
    small.model(
        payload -> {
          if (small.runs.get(small.runs.size() - 1).size() > 2) {
            throw new OutOfMemoryError("too many at once");
          }
          return payload;
        });
    Answer answer = small.submit(callOf(8, "n"));
    small.step();
    assertThat(answer.only().toString()).isEqualTo("[n0, n1, n2, n3, n4, n5, n6, n7]");
  }

  @Test
  void a_bad_item_fails_its_call_once_and_drops_what_still_waits_of_it() {
    Stepped narrow = new Stepped(new BatchLimits(2, 100, Duration.ZERO));
    narrow.poison("n0", "n1");
    Answer answer = narrow.submit(callOf(6, "n"));
    narrow.runAll();
    assertRunFailed(answer, "n0");
    // n1 belongs to a call that has failed already, so it is not run by itself.
    assertThat(narrow.runs).containsExactly(List.of("n0", "n1"), List.of("n0"));
    narrow.assertNothingIsLeft();
  }

  @Test
  void the_observer_hears_of_every_run() {
    batcher.poison("n3");
    submitEach(4);
    batcher.step();
    assertThat(batcher.failedRuns).containsExactly(4, 2, 1);
    assertThat(batcher.runs).hasSize(5);
    assertThat(batcher.ended).hasSize(4);
  }

  @Test
  void timing_covers_every_run_of_an_item() {
    batcher.time.advance(7);
    Answer good = batcher.submit(call(item("good", 2, 3)));
    Answer bad = batcher.submit(call("bad"));
    batcher.time.advance(5);
    batcher.model(
        payload -> {
          batcher.time.advance(batcher.runs.size() == 1 ? 40 : 10);
          if (payload.equals("bad")) {
            throw new IllegalStateException("bad");
          }
          return payload;
        });
    batcher.step();
    // The first run took 40 for "good" and 40 for "bad".
    assertThat(good.timing()).isEqualTo(new CallTiming(5, 80, 3));
    assertThat(bad.timing()).isEqualTo(new CallTiming(5, 80, 3));
  }
}
