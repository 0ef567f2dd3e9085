// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static Stepped withQueue(int rows, long tokens, long bytes) {
    return new Stepped(Stepped.FOUR_ROWS, new QueueLimits(rows, tokens, bytes), 0);
  }

  private static Item<String> bytes(long bytes) {
    return new Item<>("b", 1, 1, bytes, "shape");
  }

  @ParameterizedTest
  @CsvSource({
    "10, 99, 99, WAITING_ROWS",
    "99, 10, 99, WAITING_TOKENS",
    "99, 99, 10, WAITING_BYTES"
  })
  void each_limit_admits_up_to_it_and_refuses_one_more(
      int rows, long tokens, long bytes, Budget limit) {
    Stepped batcher = withQueue(rows, tokens, bytes);
    batcher.submit(callOf(10, "fits"));
    Answer refused = batcher.submit(call("one too many"));
    assertThat(refused.only())
        .isInstanceOfSatisfying(
            Failure.QueueFull.class, full -> assertThat(full.limit()).isEqualTo(limit));
    assertThat(batcher.core.load().waitingRows()).isEqualTo(10);
  }

  @Test
  void a_call_is_admitted_whole_or_not_at_all() {
    Stepped batcher = withQueue(10, 99, 99);
    batcher.submit(callOf(8, "waits"));
    Answer refused = batcher.submit(callOf(3, "too many"));
    Answer admitted = batcher.submit(callOf(2, "fits"));
    assertThat(refused.only()).isInstanceOf(Failure.QueueFull.class);
    assertThat(admitted.isOpen()).isTrue();
    batcher.runAll();
    assertThat(batcher.runs.toString()).doesNotContain("too many");
  }

  @Test
  void launched_items_make_room() {
    Stepped batcher = withQueue(4, 99, 99);
    batcher.submit(callOf(4, "a"));
    FormedBatch<String, String> batch = batcher.form();
    Answer next = batcher.submit(callOf(4, "b"));
    assertThat(next.isOpen()).isTrue();
    assertThat(batcher.core.load()).isEqualTo(new Batcher.Load(1, 4, 4, 4));
    batcher.run(batch);
    batcher.runAll();
    batcher.assertNothingIsLeft();
  }

  @Test
  void a_call_that_alone_exceeds_the_queue_is_too_large_even_when_nothing_waits() {
    Stepped batcher = withQueue(10, 20, 30);
    assertThat(batcher.submit(callOf(11, "n")).only())
        .isEqualTo(new Failure.TooLarge(Budget.WAITING_ROWS, 11, 10));
    assertThat(batcher.submit(call(item("a", 2, 7), item("b", 1, 7))).only())
        .isEqualTo(new Failure.TooLarge(Budget.WAITING_TOKENS, 21, 20));
    assertThat(batcher.submit(call(bytes(31))).only())
        .isEqualTo(new Failure.TooLarge(Budget.WAITING_BYTES, 31, 30));
    assertThat(batcher.submit(callOf(10, "n")).isOpen()).isTrue();
  }

  @Test
  void an_item_that_no_batch_can_hold_is_too_large() {
    Stepped batcher = new Stepped(new BatchLimits(4, 100, Duration.ZERO));
    assertThat(batcher.submit(call(item("fits", 4, 25))).isOpen()).isTrue();
    assertThat(batcher.submit(call(item("rows", 5, 1))).only())
        .isEqualTo(new Failure.TooLarge(Budget.BATCH_ROWS, 5, 4));
    assertThat(batcher.submit(call(item("tokens", 1, 101))).only())
        .isEqualTo(new Failure.TooLarge(Budget.BATCH_TOKENS, 101, 100));
    assertThat(batcher.submit(call(item("padded", 4, 26))).only())
        .isEqualTo(new Failure.TooLarge(Budget.BATCH_TOKENS, 104, 100));
  }

  @Test
  void sums_that_overflow_are_too_large_and_leave_the_budget_whole() {
    Stepped batcher = withQueue(10, Long.MAX_VALUE, Long.MAX_VALUE);
    Call<String> huge = call(bytes(Long.MAX_VALUE), bytes(Long.MAX_VALUE));
    assertThat(batcher.submit(huge).only()).isInstanceOf(Failure.TooLarge.class);
    batcher.submit(call(bytes(Long.MAX_VALUE - 1)));
    assertThat(batcher.submit(call(bytes(2))).only()).isInstanceOf(Failure.QueueFull.class);
    batcher.runAll();
    assertThat(batcher.submit(call(bytes(Long.MAX_VALUE - 1))).isOpen()).isTrue();
  }

  @Test
  void refused_callers_are_told_to_wait_about_as_long_as_the_queue_takes_to_drain() {
    Stepped batcher = withQueue(40, 99, 99);
    batcher.submit(callOf(40, "n"));
    for (int i = 0; i < 5; i++) {
      batcher.step();
      batcher.time.advance(8_000_000);
    }
    batcher.submit(callOf(20, "m"));
    // 16 rows left in the 40 ms since the first launch; 10 of the 40 that wait have to follow.
    assertThat(batcher.submit(callOf(10, "x")).only())
        .isEqualTo(new Failure.QueueFull(Budget.WAITING_ROWS, 25_000_000));
  }

  @Test
  void refused_callers_get_a_bounded_wait_whatever_the_rate() {
    Stepped batcher = withQueue(4, 99, 99);
    batcher.submit(callOf(4, "n"));
    assertThat(retryAfter(batcher)).isEqualTo(DrainRate.UNKNOWN_WAIT_NANOS);
    batcher.step();
    batcher.submit(callOf(4, "n"));
    assertThat(retryAfter(batcher)).isEqualTo(DrainRate.MIN_WAIT_NANOS);
    batcher.time.advance(Duration.ofHours(1).toNanos());
    assertThat(retryAfter(batcher)).isEqualTo(DrainRate.MAX_WAIT_NANOS);
  }

  private static long retryAfter(Stepped batcher) {
    return ((Failure.QueueFull) batcher.submit(call("x")).only()).retryAfterNanos();
  }

  @Test
  void the_wait_follows_the_latest_launches_only() {
    DrainRate rate = new DrainRate();
    for (int i = 0; i < 100; i++) {
      rate.launched(i * 1_000_000_000L, 1);
    }
    long now = 99_000_000_000L;
    for (int i = 0; i < 32; i++) {
      now += 2_000_000;
      rate.launched(now, 1);
    }
    assertThat(rate.waitNanos(now, 10)).isEqualTo(20_000_000);
  }

  @Test
  void refusals_are_told_once_and_cost_nothing_of_the_queue() {
    Stepped batcher = withQueue(1, 99, 99);
    Ticket ticket = batcher.core.submit(callOf(2, "n"), new Answer());
    ticket.cancel();
    assertThat(batcher.ended).hasSize(1);
    batcher.assertNothingIsLeft();
  }

  @Test
  void after_stop_accepting_calls_are_refused_and_earlier_ones_answered() {
    Stepped batcher = new Stepped(Stepped.FOUR_ROWS);
    Answer before = batcher.submit(call("before"));
    batcher.core.stopAccepting();
    assertThat(batcher.submit(call("after")).only()).isEqualTo(new Failure.Closed());
    batcher.runAll();
    assertThat(before.only()).isEqualTo(List.of("BEFORE"));
  }
}
