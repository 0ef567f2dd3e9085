// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
  private static final Failure EXPIRED = new Failure.Expired();

  @Test
  void expires_at_its_deadline_while_the_lane_is_busy() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    batcher.submit(call("running"));
    FormedBatch<String, String> running = batcher.form();
    Answer waiting = batcher.submit(due(call("waiting"), 100));
    batcher.time.advance(99);
    assertThat(waiting.isOpen()).isTrue();
    batcher.time.advance(1);
    assertThat(waiting.only()).isEqualTo(EXPIRED);
    assertThat(waiting.timing()).isEqualTo(new CallTiming(100, 0, 0));
    batcher.run(running);
    batcher.assertNothingIsLeft();
    assertThat(batcher.runs).containsExactly(List.of("running"));
  }

  @Test
  void each_call_expires_at_its_own_moment_in_whatever_order_they_came() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    Answer late = batcher.submit(due(call("late"), 300));
    Answer early = batcher.submit(due(call("early"), 100));
    Answer middle = batcher.submit(due(call("middle"), 200));
    batcher.time.advance(100);
    assertThat(List.of(early.isOpen(), middle.isOpen(), late.isOpen()))
        .containsExactly(false, true, true);
    batcher.time.advance(100);
    assertThat(List.of(middle.isOpen(), late.isOpen())).containsExactly(false, true);
    batcher.time.advance(100);
    assertThat(late.only()).isEqualTo(EXPIRED);
  }

  @Test
  void a_call_whose_deadline_has_come_is_refused() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    batcher.time.advance(50);
    assertThat(batcher.submit(due(call("now"), 50)).only()).isEqualTo(EXPIRED);
    assertThat(batcher.submit(due(call("past"), -1)).only()).isEqualTo(EXPIRED);
    assertThat(batcher.submit(due(call("future"), 51)).isOpen()).isTrue();
  }

  @Test
  void a_call_that_runs_by_its_deadline_gets_its_results() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    Answer answer = batcher.submit(due(call("a"), 100));
    FormedBatch<String, String> batch = batcher.form();
    batcher.time.advance(500);
    batcher.run(batch);
    assertThat(answer.only()).isEqualTo(List.of("A"));
  }

  @Test
  void a_call_of_which_a_part_still_waits_expires_whole() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    Answer answer = batcher.submit(due(callOf(3, "n"), 100));
    FormedBatch<String, String> first = batcher.form();
    batcher.time.advance(100);
    assertThat(answer.only()).isEqualTo(EXPIRED);
    batcher.run(first);
    batcher.assertNothingIsLeft();
    assertThat(batcher.runs).hasSize(1);
  }

  @Test
  void an_item_is_not_run_again_after_its_deadline() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    Answer dated = batcher.submit(due(call("dated"), 100));
    Answer undated = batcher.submit(call("undated"));
    batcher.model(
        payload -> {
          if (batcher.runs.size() == 1) {
            batcher.time.advance(100);
            throw new IllegalStateException("the first run fails late");
          }
          return payload;
        });
    batcher.step();
    assertThat(dated.only()).isEqualTo(EXPIRED);
    assertThat(undated.only()).isEqualTo(List.of("undated"));
    assertThat(batcher.runs).containsExactly(List.of("dated", "undated"), List.of("undated"));
    batcher.assertNothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE - 150, Long.MAX_VALUE - 1, Long.MIN_VALUE, -50, 0})
  void deadlines_survive_a_clock_that_wraps(long origin) {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS, Stepped.ROOMY, origin);
    Answer never = batcher.submit(call("never"));
    Answer late = batcher.submit(due(call("late"), origin + 300));
    Answer early = batcher.submit(due(call("early"), origin + 100));
    batcher.submit(due(call("middle"), origin + 200));
    batcher.time.advance(100);
    assertThat(early.only()).isEqualTo(EXPIRED);
    assertThat(late.isOpen()).isTrue();
    assertThat(batcher.step()).containsExactly("middle", "late", "never");
    assertThat(never.only()).isEqualTo(List.of("NEVER"));
  }

  @Test
  void a_deadline_centuries_away_counts_as_none() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS, Stepped.ROOMY, 5);
    batcher.time.advance(100);
    batcher.submit(call("never"));
    batcher.submit(due(call("in centuries"), Long.MIN_VALUE + 60));
    batcher.submit(due(call("soon"), 1_000));
    assertThat(batcher.step()).containsExactly("soon", "never", "in centuries");
  }

  @Test
  void calls_without_a_deadline_set_no_alarm() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    batcher.submit(call("a"));
    assertThat(batcher.time.scheduledTasks()).isZero();
  }

  @Test
  void any_number_of_deadlines_needs_one_alarm() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    for (int i = 0; i < 100; i++) {
      batcher.submit(due(call("n"), 1_000 - i));
    }
    assertThat(batcher.time.scheduledTasks()).isEqualTo(1);
  }

  @Test
  void expired_calls_make_room() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW, new QueueLimits(3, 99, 99), 0);
    batcher.submit(due(callOf(3, "n"), 100));
    assertThat(batcher.submit(call("x")).only()).isInstanceOf(Failure.QueueFull.class);
    batcher.time.advance(100);
    assertThat(batcher.submit(callOf(3, "m")).isOpen()).isTrue();
  }
}
