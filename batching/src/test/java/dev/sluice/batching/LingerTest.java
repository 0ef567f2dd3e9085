// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static dev.sluice.batching.Calls.ranked;
import static dev.sluice.batching.Calls.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LingerTest {
  private final Stepped batcher = new Stepped(new BatchLimits(4, 100, Duration.ofNanos(50)));

  @Test
  void a_batch_that_is_not_full_waits_for_the_linger_of_its_oldest_call() {
    batcher.submit(call("a"));
    assertThat(batcher.due()).isNull();
    batcher.time.advance(30);
    batcher.submit(call("b"));
    batcher.time.advance(19);
    assertThat(batcher.due()).isNull();
    batcher.time.advance(1);
    assertThat(batcher.step()).containsExactly("a", "b");
  }

  @Test
  void the_timer_is_set_for_the_end_of_the_linger() {
    batcher.submit(call("a"));
    assertThat(batcher.time.scheduledTasks()).isEqualTo(1);
    batcher.time.advance(50);
    assertThat(batcher.time.scheduledTasks()).isZero();
    assertThat(batcher.step()).containsExactly("a");
  }

  @Test
  void a_batch_full_of_rows_does_not_wait() {
    batcher.submit(callOf(3, "n"));
    assertThat(batcher.due()).isNull();
    batcher.submit(call("fourth"));
    assertThat(batcher.step()).hasSize(4);
  }

  @Test
  void a_batch_full_of_tokens_does_not_wait() {
    batcher.submit(call(item("a", 1, 50)));
    assertThat(batcher.due()).isNull();
    batcher.submit(call(item("b", 1, 50)));
    assertThat(batcher.step()).containsExactly("a", "b");
  }

  @Test
  void a_batch_that_the_next_item_does_not_fit_in_does_not_wait() {
    batcher.submit(call(item("a", 3, 1)));
    batcher.submit(call(item("b", 2, 1)));
    assertThat(batcher.step()).containsExactly("a");
  }

  @Test
  void a_deadline_within_the_linger_ends_the_wait_instead_of_the_call() {
    batcher.submit(call("a"));
    Answer hurried = batcher.submit(due(call("b"), 50));
    assertThat(batcher.step()).containsExactly("b", "a");
    assertThat(hurried.only()).isEqualTo(List.of("B"));
  }

  @Test
  void draining_does_not_wait() {
    Answer answer = batcher.submit(call("a"));
    assertThat(batcher.due()).isNull();
    batcher.core.stopAccepting();
    batcher.runAll();
    assertThat(answer.only()).isEqualTo(List.of("A"));
  }

  @Test
  void work_that_waited_for_a_busy_lane_does_not_wait_again() {
    batcher.submit(callOf(4, "n"));
    FormedBatch<String, String> running = batcher.form();
    batcher.submit(call("a"));
    batcher.time.advance(60);
    batcher.run(running);
    assertThat(batcher.step()).containsExactly("a");
  }

  /** A batch for 100 that lingers; counts how often its company is chosen, so how often planned. */
  private static final class Counted {
    private int plans;
    private final Stepped batcher =
        new Stepped(
            settings ->
                settings
                    .batchLimits(new BatchLimits(100, 10_000, Duration.ofNanos(50)))
                    .selection(
                        (window, costs) -> {
                          plans++;
                          new FirstFit().select(window, costs);
                        }));

    void submitAndAsk(Call<String> call) {
      batcher.submit(call);
      assertThat(batcher.due()).isNull();
    }
  }

  @Test
  void calls_that_come_during_a_linger_cost_no_plan_each() {
    Counted counted = new Counted();
    for (int i = 0; i < 99; i++) {
      counted.submitAndAsk(call("n"));
    }
    assertThat(counted.plans).isEqualTo(1);
    counted.batcher.submit(call("hundredth"));
    assertThat(counted.batcher.step()).hasSize(100);
    assertThat(counted.plans).isEqualTo(2);
  }

  @Test
  void what_is_of_another_shape_or_less_urgent_costs_no_plan() {
    Counted counted = new Counted();
    counted.submitAndAsk(call("head"));
    for (int i = 0; i < 60; i++) {
      counted.submitAndAsk(call(shaped("other", "other shape")));
      counted.submitAndAsk(ranked(call("less"), Criticality.SHEDDABLE));
    }
    assertThat(counted.plans).isEqualTo(1);
  }

  @Test
  void what_goes_before_the_head_is_planned_for() {
    Counted counted = new Counted();
    counted.submitAndAsk(call("head"));
    counted.submitAndAsk(ranked(call(shaped("first", "other shape")), Criticality.CRITICAL_PLUS));
    assertThat(counted.plans).isEqualTo(2);
    for (int i = 1; i < 99; i++) {
      counted.submitAndAsk(call(shaped("its like", "other shape")));
    }
    counted.batcher.submit(call(shaped("its like", "other shape")));
    assertThat(counted.batcher.step()).hasSize(100).contains("first").doesNotContain("head");
  }

  @Test
  void when_the_head_is_taken_back_those_behind_it_need_not_wait_for_its_time() {
    Stepped stepped = new Stepped(new BatchLimits(4, 100, Duration.ofNanos(50)));
    Ticket head = stepped.core.submit(call("head"), new Answer());
    assertThat(stepped.due()).isNull();
    for (int i = 0; i < 4; i++) {
      stepped.submit(call(shaped("other", "other shape")));
    }
    assertThat(stepped.due()).as("the head lingers").isNull();
    head.cancel();
    assertThat(stepped.step()).hasSize(4);
  }

  @Test
  void a_second_batch_lingers_anew() {
    batcher.submit(callOf(4, "n"));
    assertThat(batcher.step()).hasSize(4);
    batcher.submit(call("a"));
    assertThat(batcher.due()).isNull();
    batcher.submit(callOf(3, "m"));
    assertThat(batcher.step()).hasSize(4);
  }

  @Test
  void what_a_preferred_size_would_cut_off_counts_towards_the_next() {
    Stepped stepped =
        new Stepped(
            new BatchLimits(16, 100, Long.MAX_VALUE, Duration.ofNanos(50), List.of(4, 8), 1, 2));
    stepped.submit(callOf(6, "n"));
    assertThat(stepped.due()).isNull();
    stepped.submit(call("seventh"));
    assertThat(stepped.due()).isNull();
    stepped.submit(call("eighth"));
    assertThat(stepped.step()).hasSize(8);
  }

  @Test
  void an_item_that_no_longer_fits_by_bytes_or_waste_ends_the_wait() {
    Stepped bytes = new Stepped(new BatchLimits(9, 100, 1, Duration.ofNanos(50), List.of(), 1, 2));
    bytes.submit(call("a"));
    assertThat(bytes.due()).isNull();
    bytes.submit(call("b"));
    assertThat(bytes.step()).containsExactly("a");
    Stepped waste = new Stepped(new BatchLimits(9, 100, 99, Duration.ofNanos(50), List.of(), 1, 1));
    waste.submit(call("a"));
    assertThat(waste.due()).isNull();
    waste.submit(call(item("b", 1, 2)));
    assertThat(waste.step()).containsExactly("a");
  }
}
