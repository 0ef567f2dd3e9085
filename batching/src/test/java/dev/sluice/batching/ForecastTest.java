// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static dev.sluice.batching.Calls.ranked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is refused, dropped and cut because of what the cost model foretells. */
class ForecastTest {
  private static final long MS = 1_000_000;
  private static final BatchLimits LIMITS = new BatchLimits(4, 1_000, Duration.ZERO);

  /** How early a call is let in, as the usual error is at its least. */
  private static final double GOOD_DAY = 0.96;

  private final Stepped batcher = new Stepped(0, 2, settings -> settings.batchLimits(LIMITS));

  /** A millisecond, and one for each hundred tokens. */
  private static long cost(int rows, long paddedTokens) {
    return MS + paddedTokens * MS / 100;
  }

  @BeforeEach
  void teach() {
    batcher.cost(ForecastTest::cost);
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int length = 1 + random.nextInt(200);
      for (int k = random.nextInt(4); k >= 0; k--) {
        batcher.submit(call(item("teaches", 1, length)));
      }
      batcher.runAll();
    }
    batcher.runs.clear();
  }

  private long in(long nanos) {
    return batcher.time.nanoTime() + nanos;
  }

  private Call<String> ofTokens(int tokens, long nanosLeft) {
    return due(call(item("n", 1, tokens)), in(nanosLeft));
  }

  /** Two lanes start on a batch of 4 x 100 tokens, which takes five milliseconds. */
  private void keepLanesBusy() {
    batcher.submit(call(item("a", 4, 100)));
    batcher.submit(call(item("b", 4, 100)));
    batcher.form();
    assertThat(batcher.due(1)).isNotNull();
  }

  private void fillQueue(int batches, long nanosLeft) {
    for (int i = 0; i < batches; i++) {
      batcher.submit(due(call(item("waits", 4, 100)), in(nanosLeft)));
    }
  }

  @Test
  void what_would_be_late_is_refused_with_the_time_by_which_it_would_be() {
    keepLanesBusy();
    fillQueue(8, 1_000 * MS);
    batcher.time.advance(MS);
    // Four more on each lane, after the rest of those that run: 24 ms; then itself.
    double late = GOOD_DAY * (4 + 20 + 2) - 10;
    Answer refused = batcher.submit(due(call(item("n", 1, 100)), in(10 * MS)));
    assertThat(refused.isOpen()).as("it goes before those that wait").isTrue();
    Answer behind = batcher.submit(ranked(ofTokens(100, 10 * MS), Criticality.SHEDDABLE));
    assertThat(behind.only())
        .isInstanceOfSatisfying(
            Failure.WouldBeLate.class,
            failure ->
                assertThat((double) failure.retryAfterNanos())
                    .isCloseTo(late * MS, within(0.1 * late * MS)));
    assertThat(batcher.submit(ranked(ofTokens(100, 30 * MS), Criticality.SHEDDABLE)).isOpen())
        .isTrue();
  }

  @Test
  void an_urgent_call_passes_a_long_backlog_of_late_deadlines() {
    keepLanesBusy();
    fillQueue(200, 10_000 * MS);
    assertThat(batcher.submit(ofTokens(100, 8 * MS)).isOpen()).isTrue();
    assertThat(batcher.submit(ofTokens(100, 5 * MS)).only())
        .isInstanceOf(Failure.WouldBeLate.class);
  }

  @Test
  void a_call_without_deadline_is_never_late() {
    keepLanesBusy();
    fillQueue(200, 10_000 * MS);
    assertThat(batcher.submit(call("n")).isOpen()).isTrue();
  }

  @Test
  void what_no_lane_could_do_in_time_is_refused_even_if_all_are_idle() {
    assertThat(batcher.submit(ofTokens(400, 4 * MS)).only())
        .isEqualTo(new Failure.WouldBeLate(DrainRate.MIN_WAIT_NANOS));
    assertThat(batcher.submit(ofTokens(400, 5 * MS)).isOpen()).isTrue();
  }

  @Test
  void what_has_become_late_is_dropped_before_anything_is_spent_on_it() {
    Answer hopeless = batcher.submit(ofTokens(400, 6 * MS));
    Answer mate = batcher.submit(ofTokens(400, 60 * MS));
    batcher.time.advance(2 * MS);
    batcher.step();
    assertThat(hopeless.only()).isInstanceOf(Failure.WouldBeLate.class);
    assertThat(mate.only()).isEqualTo(List.of("N"));
    assertThat(batcher.runs).containsExactly(List.of("n"));
  }

  @Test
  void a_batch_is_kept_so_small_that_its_head_is_in_time() {
    for (int i = 0; i < 4; i++) {
      batcher.submit(call(item("n", 1, 200)));
    }
    // Alone it takes 3 ms, with another 5 ms, with two 7 ms.
    Answer head = batcher.submit(due(call(item("head", 1, 200)), in(6 * MS)));
    assertThat(batcher.step()).containsExactly("head", "n");
    assertThat(head.only()).isEqualTo(List.of("HEAD"));
    assertThat(batcher.step()).hasSize(3);
  }

  @Test
  void those_of_lower_classes_do_not_make_the_head_late_either() {
    Answer head = batcher.submit(due(call(item("head", 1, 200)), in(6 * MS)));
    for (int i = 0; i < 3; i++) {
      batcher.submit(ranked(call(item("n", 1, 200)), Criticality.SHEDDABLE));
    }
    assertThat(batcher.step()).containsExactly("head", "n");
    assertThat(head.only()).isEqualTo(List.of("HEAD"));
  }

  @Test
  void a_forecast_that_refuses_everything_is_put_to_the_test_again() {
    // For a while batches took a hundred times as long.
    batcher.cost((rows, paddedTokens) -> 100 * cost(rows, paddedTokens));
    for (int i = 0; i < 20; i++) {
      batcher.submit(call(item("slow", 1, 10)));
      batcher.runAll();
    }
    batcher.cost(ForecastTest::cost);
    int refused = 0;
    int answered = 0;
    for (int i = 0; i < 2_000; i++) {
      batcher.time.advance(10 * MS);
      Answer answer = batcher.submit(ofTokens(10, 20 * MS));
      batcher.runAll();
      refused += answer.only() instanceof Failure.WouldBeLate ? 1 : 0;
      answered += answer.only() instanceof List ? 1 : 0;
    }
    assertThat(refused).as("while it believes").isPositive();
    assertThat(answered).as("once it knows better").isGreaterThan(1_800);
  }

  @Test
  void only_one_batch_tries_what_the_forecast_says_cannot_be() {
    batcher.cost((rows, paddedTokens) -> 100 * cost(rows, paddedTokens));
    for (int i = 0; i < 20; i++) {
      batcher.submit(call(item("slow", 1, 10)));
      batcher.runAll();
    }
    batcher.time.advance(2_000 * MS);
    assertThat(batcher.submit(ofTokens(10, 20 * MS)).isOpen()).isTrue();
    FormedBatch<String, String> trial = batcher.form();
    assertThat(batcher.submit(ofTokens(10, 20 * MS)).only())
        .isInstanceOf(Failure.WouldBeLate.class);
    batcher.run(trial);
  }

  @Test
  void a_stuck_lane_is_not_counted_on() {
    batcher.submit(call(item("stuck", 4, 100)));
    batcher.form();
    fillQueue(4, 1_000 * MS);
    Call<String> behind = ranked(ofTokens(100, 16 * MS), Criticality.SHEDDABLE);
    assertThat(batcher.submit(behind).isOpen()).as("two lanes do it").isTrue();
    fillQueue(3, 1_000 * MS);
    for (int i = 0; i < 4; i++) {
      batcher.run(Objects.requireNonNull(batcher.due(1)));
    }
    // What should have taken 5 ms has taken 20: the other lane has to do it all.
    assertThat(batcher.core.load().waitingRows()).isEqualTo(12);
    fillQueue(1, 1_000 * MS);
    assertThat(batcher.submit(ranked(ofTokens(100, 16 * MS), Criticality.SHEDDABLE)).only())
        .isInstanceOf(Failure.WouldBeLate.class);
    assertThat(batcher.submit(ranked(ofTokens(100, 24 * MS), Criticality.SHEDDABLE)).isOpen())
        .isTrue();
  }

  @Test
  void the_sheddable_count_what_goes_before_them_and_the_critical_do_not() {
    keepLanesBusy();
    for (int i = 0; i < 40; i++) {
      batcher.submit(ranked(callOf(4, "n"), Criticality.SHEDDABLE));
      batcher.submit(call(item("n", 4, 100)));
    }
    assertThat(batcher.submit(ranked(ofTokens(1, 20 * MS), Criticality.SHEDDABLE)).only())
        .isInstanceOf(Failure.WouldBeLate.class);
    assertThat(batcher.submit(ranked(ofTokens(1, 20 * MS), Criticality.CRITICAL_PLUS)).isOpen())
        .isTrue();
  }
}
