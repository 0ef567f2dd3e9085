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
import org.junit.jupiter.api.Test;

class BatchFormingTest {
  @Test
  void a_free_lane_takes_what_waits_and_no_more_than_fits() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    for (String name : "a b c d e".split(" ", -1)) {
      batcher.submit(call(name));
    }
    assertThat(batcher.step()).containsExactly("a", "b", "c", "d");
    assertThat(batcher.step()).containsExactly("e");
    batcher.assertNothingIsLeft();
  }

  @Test
  void orders_by_criticality_then_deadline_then_arrival() {
    Stepped batcher = new Stepped(new BatchLimits(9, 1_000, Duration.ZERO));
    batcher.submit(ranked(due(call("sheddable, soon"), 10), Criticality.SHEDDABLE));
    batcher.submit(call("first without deadline"));
    batcher.submit(call("second without deadline"));
    batcher.submit(due(call("late"), 900));
    batcher.submit(due(call("early"), 100));
    batcher.submit(due(call("early, but after"), 100));
    batcher.submit(ranked(call("most critical"), Criticality.CRITICAL_PLUS));
    batcher.submit(ranked(call("sheddable plus"), Criticality.SHEDDABLE_PLUS));
    assertThat(batcher.step())
        .containsExactly(
            "most critical",
            "early",
            "early, but after",
            "late",
            "first without deadline",
            "second without deadline",
            "sheddable plus",
            "sheddable, soon");
  }

  @Test
  void only_equal_shapes_share_a_batch() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    batcher.submit(call(shaped("a", 1)));
    batcher.submit(call(shaped("b", 2)));
    batcher.submit(call(shaped("c", 1)));
    assertThat(batcher.step()).containsExactly("a", "c");
    assertThat(batcher.step()).containsExactly("b");
  }

  @Test
  void padded_tokens_stay_within_the_limit() {
    Stepped batcher = new Stepped(new BatchLimits(100, 40, Duration.ZERO));
    batcher.submit(call(item("short", 1, 2)));
    batcher.submit(call(item("long", 1, 20)));
    batcher.submit(call(item("short too", 1, 2)));
    // Two rows of 20 are 40; a third row would make 60, though the sum of tokens is only 24.
    assertThat(batcher.step()).containsExactly("short", "long");
    assertThat(batcher.step()).containsExactly("short too");
  }

  @Test
  void the_padded_limit_is_met_exactly() {
    Stepped batcher = new Stepped(new BatchLimits(100, 39, Duration.ZERO));
    batcher.submit(call(item("a", 1, 20)));
    batcher.submit(call(item("b", 1, 20)));
    assertThat(batcher.step()).containsExactly("a");
    assertThat(batcher.step()).containsExactly("b");
  }

  @Test
  void rows_of_an_item_count_towards_the_limit() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    batcher.submit(call(item("three", 3, 1)));
    batcher.submit(call(item("two", 2, 1)));
    batcher.submit(call(item("one", 1, 1)));
    assertThat(batcher.step()).containsExactly("three", "one");
    assertThat(batcher.step()).containsExactly("two");
  }

  @Test
  void an_item_that_does_not_fit_does_not_flush_the_batch() {
    Stepped batcher = new Stepped(new BatchLimits(4, 40, Duration.ZERO));
    batcher.submit(call(item("a", 1, 10)));
    batcher.submit(call(item("very long", 1, 40)));
    batcher.submit(call(item("b", 1, 10)));
    assertThat(batcher.step()).containsExactly("a", "b");
    assertThat(batcher.step()).containsExactly("very long");
  }

  @Test
  void the_look_ahead_is_bounded() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    batcher.submit(call(shaped("head", "x")));
    for (int i = 0; i < BatchFormer.LOOK_AHEAD; i++) {
      batcher.submit(call(shaped("other", "y")));
    }
    batcher.submit(call(shaped("just in sight", "x")));
    batcher.submit(call(shaped("last other", "y")));
    batcher.submit(call(shaped("out of sight", "x")));
    assertThat(batcher.step()).containsExactly("head", "just in sight");
  }

  @Test
  void a_call_larger_than_a_batch_travels_in_several() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    Answer answer = batcher.submit(callOf(9, "n"));
    batcher.step();
    batcher.step();
    assertThat(answer.isOpen()).isTrue();
    batcher.step();
    assertThat(answer.only().toString()).isEqualTo("[N0, N1, N2, N3, N4, N5, N6, N7, N8]");
  }

  @Test
  void the_least_critical_call_is_not_starved() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    Answer least = batcher.submit(ranked(call("least"), Criticality.SHEDDABLE));
    batcher.time.advance(Stepped.AGEING);
    int batches = 0;
    while (least.isOpen()) {
      batcher.submit(ranked(call("most"), Criticality.CRITICAL_PLUS));
      batcher.step();
      assertThat(++batches).isLessThanOrEqualTo(BatchFormer.AGED_TURN);
    }
  }

  @Test
  void before_the_ageing_time_the_order_is_strict() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    Answer least = batcher.submit(ranked(call("least"), Criticality.SHEDDABLE));
    batcher.time.advance(Stepped.AGEING - 1);
    for (int i = 0; i < 50; i++) {
      batcher.submit(ranked(call("most"), Criticality.CRITICAL_PLUS));
      batcher.step();
    }
    assertThat(least.isOpen()).isTrue();
  }

  @Test
  void ageing_leaves_most_batches_to_the_critical() {
    Stepped batcher = new Stepped(Stepped.ONE_ROW);
    for (int i = 0; i < 100; i++) {
      batcher.submit(ranked(call("least"), Criticality.SHEDDABLE));
      batcher.submit(ranked(call("most"), Criticality.CRITICAL_PLUS));
    }
    batcher.time.advance(Stepped.AGEING);
    int critical = 0;
    for (int i = 0; i < 40; i++) {
      critical += batcher.step().contains("most") ? 1 : 0;
    }
    assertThat(critical).isGreaterThanOrEqualTo(30);
  }
}
