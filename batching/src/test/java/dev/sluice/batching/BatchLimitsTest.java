// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes, preferred sizes, length steps, waste and window. */
class BatchLimitsTest {
  private static Stepped with(BatchLimits limits) {
    return new Stepped(limits);
  }

  private static BatchLimits preferring(Integer... sizes) {
    return new BatchLimits(
        16, 10_000, Long.MAX_VALUE, Duration.ofNanos(50), List.of(sizes), 1, 100);
  }

  private static Item<String> bytes(String name, long bytes) {
    return new Item<>(name, 1, 1, bytes, "shape");
  }

  @Test
  void bytes_bound_a_batch_and_what_is_larger_travels_alone() {
    Stepped batcher = with(new BatchLimits(9, 1_000, 100, Duration.ZERO, List.of(), 1, 2));
    batcher.submit(call(bytes("a", 60)));
    batcher.submit(call(bytes("b", 41)));
    batcher.submit(call(bytes("c", 40)));
    batcher.submit(call(bytes("huge", 5_000)));
    assertThat(batcher.step()).containsExactly("a", "c");
    assertThat(batcher.step()).containsExactly("b");
    assertThat(batcher.step()).containsExactly("huge");
  }

  @Test
  void a_preferred_size_is_cut_to_and_the_largest_does_not_linger() {
    Stepped batcher = with(preferring(4, 8));
    batcher.submit(callOf(11, "n"));
    assertThat(batcher.step()).hasSize(8);
    assertThat(batcher.due()).as("three linger").isNull();
    batcher.submit(callOf(2, "m"));
    assertThat(batcher.due()).as("four would do, but eight may come").isNull();
    batcher.time.advance(50);
    assertThat(batcher.step()).containsExactly("n8", "n9", "n10", "m0");
    assertThat(batcher.step()).containsExactly("m1");
  }

  @Test
  void without_linger_what_is_below_the_smallest_preferred_size_starts_at_once() {
    Stepped batcher =
        with(new BatchLimits(16, 10_000, Long.MAX_VALUE, Duration.ZERO, List.of(4), 1, 100));
    batcher.submit(callOf(3, "n"));
    assertThat(batcher.step()).hasSize(3);
  }

  @Test
  void an_item_of_several_rows_does_not_make_a_batch_miss_its_preferred_size_upwards() {
    Stepped batcher = with(preferring(4));
    batcher.submit(call(item("a", 3, 1)));
    batcher.submit(call(item("b", 2, 1)));
    batcher.submit(call(item("c", 1, 1)));
    assertThat(batcher.form().rows()).isLessThanOrEqualTo(4);
  }

  @Test
  void lengths_count_as_the_engine_pads_them() {
    BatchLimits steps = new BatchLimits(9, 64, Long.MAX_VALUE, Duration.ZERO, List.of(), 16, 2);
    Stepped batcher = with(steps);
    // 17 and 32 are both 32 long to the engine: two fill the 64.
    batcher.submit(call(item("a", 1, 17)));
    batcher.submit(call(item("b", 1, 32)));
    batcher.submit(call(item("c", 1, 17)));
    assertThat(batcher.step()).containsExactly("a", "b");
    assertThat(batcher.submit(call(item("d", 3, 17))).only())
        .isEqualTo(new Failure.TooLarge(Budget.BATCH_TOKENS, 96, 64));
    assertThat(steps.padded(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void an_item_that_would_waste_more_than_the_bound_waits_for_its_like() {
    Stepped batcher =
        with(new BatchLimits(9, 10_000, Long.MAX_VALUE, Duration.ZERO, List.of(), 1, 1.5));
    batcher.submit(call(item("a", 1, 10)));
    // Two rows of 21 for 31 tokens are within 1.5; with 35 neither two rows nor three would be.
    batcher.submit(call(item("b", 1, 35)));
    batcher.submit(call(item("c", 1, 21)));
    assertThat(batcher.step()).containsExactly("a", "c");
    assertThat(batcher.step()).containsExactly("b");
  }

  @Test
  void where_the_engine_packs_a_batch_costs_the_sum_of_its_tokens() {
    Stepped batcher = with(packing(100, 1));
    batcher.submit(call(item("long", 1, 80)));
    batcher.submit(call(item("a", 1, 1)));
    batcher.submit(call(item("b", 2, 5)));
    // The most urgent come first, of whatever length; eight are left, which nine do not fit.
    batcher.submit(call(item("no", 1, 10)));
    batcher.submit(call(item("c", 1, 9)));
    assertThat(batcher.step()).containsExactly("long", "a", "b", "c");
    assertThat(batcher.step()).containsExactly("no");
    assertThat(batcher.submit(call(item("d", 3, 34))).only())
        .isEqualTo(new Failure.TooLarge(Budget.BATCH_TOKENS, 102, 100));
  }

  @Test
  void where_the_engine_packs_lengths_still_count_in_its_steps() {
    Stepped batcher = with(packing(64, 16));
    batcher.submit(call(item("a", 1, 17)));
    batcher.submit(call(item("b", 1, 1)));
    batcher.submit(call(item("c", 1, 17)));
    batcher.submit(call(item("d", 1, 16)));
    assertThat(batcher.step()).containsExactly("a", "b", "d");
  }

  private static BatchLimits packing(long tokens, int step) {
    return new BatchLimits(9, tokens, Long.MAX_VALUE, Duration.ZERO, List.of(), step, 1, true);
  }

  @Test
  void with_a_bound_of_one_only_equal_lengths_share() {
    Stepped batcher =
        with(new BatchLimits(9, 10_000, Long.MAX_VALUE, Duration.ZERO, List.of(), 1, 1));
    batcher.submit(call(item("a", 1, 10)));
    batcher.submit(call(item("b", 1, 11)));
    batcher.submit(call(item("c", 1, 10)));
    assertThat(batcher.step()).containsExactly("a", "c");
  }

  @Test
  void one_chooses_from_eight_batches_and_no_more() {
    BatchLimits two = new BatchLimits(2, 10_000, Duration.ZERO);
    Stepped batcher = with(two);
    batcher.submit(call(item("head", 1, 100)));
    batcher.submit(call(item("n", 1, 60), item("n", 1, 60)));
    for (int i = 3; i < two.window(); i++) {
      batcher.submit(call(item("n", 1, 60)));
    }
    batcher.submit(call(item("its like, just out of sight", 1, 100)));
    assertThat(batcher.step()).containsExactly("head", "n");
    Stepped nearer = with(two);
    nearer.submit(call(item("head", 1, 100)));
    for (int i = 2; i < two.window(); i++) {
      nearer.submit(call(item("n", 1, 60)));
    }
    nearer.submit(call(item("its like", 1, 100)));
    assertThat(nearer.step()).containsExactly("head", "its like");
  }

  @Test
  void the_window_is_bounded_and_never_smaller_than_a_batch() {
    assertThat(new BatchLimits(1, 1, Duration.ZERO).window()).isEqualTo(8);
    assertThat(new BatchLimits(64, 1, Duration.ZERO).window()).isEqualTo(512);
    assertThat(new BatchLimits(1_000, 1, Duration.ZERO).window()).isEqualTo(1_000);
    assertThat(new BatchLimits(Integer.MAX_VALUE, 1, Duration.ZERO).window())
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void the_largest_settings_there_are_overflow_nowhere() {
    BatchLimits all =
        new BatchLimits(
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            Duration.ofSeconds(Long.MAX_VALUE),
            List.of(),
            Integer.MAX_VALUE,
            Double.MAX_VALUE);
    Stepped batcher =
        new Stepped(
            settings ->
                settings
                    .batchLimits(all)
                    .queueLimits(new QueueLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
                    .ageing(Duration.ofSeconds(Long.MAX_VALUE))
                    .targetWait(Duration.ofSeconds(Long.MAX_VALUE)));
    Answer first = batcher.submit(call(item("a", Integer.MAX_VALUE / 2, Integer.MAX_VALUE)));
    Answer second = batcher.submit(call(item("b", Integer.MAX_VALUE / 2, Integer.MAX_VALUE)));
    assertThat(batcher.due()).as("they linger").isNull();
    batcher.core.stopAccepting();
    batcher.runAll();
    assertThat(List.of(first.isOpen(), second.isOpen())).containsExactly(false, false);
    batcher.assertNothingIsLeft();
  }
}
