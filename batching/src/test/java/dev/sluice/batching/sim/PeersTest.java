// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each peer's policy against a scenario worked by hand from its description. */
class PeersTest {
  private final VirtualTime time = new VirtualTime(0);
  private int requests;

  @Test
  void another_length_ends_a_batch() {
    Scheduler triton = new FlushOnMismatch(time, 4, 100, 0, 1_000, tokens -> tokens);
    arrive(triton, 5, 5, 6, 5);
    assertThat(lengths(triton)).containsExactly(5, 5);
    assertThat(lengths(triton)).containsExactly(6);
    assertThat(lengths(triton)).containsExactly(5);
    assertThat(lengths(triton)).isEmpty();
  }

  @Test
  void lengths_that_clients_pad_alike_share_a_batch() {
    Scheduler triton = new FlushOnMismatch(time, 4, 100, 0, 1_000, FlushOnMismatch::powerOfTwo);
    arrive(triton, 5, 32, 33, 64, 65);
    assertThat(lengths(triton)).containsExactly(5, 32);
    assertThat(lengths(triton)).containsExactly(33, 64);
    assertThat(triton.tokens(new Request(0, 0, 65, 1))).isEqualTo(128);
  }

  @Test
  void a_partial_batch_waits_for_its_delay_and_a_full_or_flushed_one_does_not() {
    Scheduler triton = new FlushOnMismatch(time, 2, 100, 50, 1_000, tokens -> tokens);
    arrive(triton, 5);
    assertThat(lengths(triton)).isEmpty();
    time.jump(49);
    assertThat(lengths(triton)).isEmpty();
    time.jump(1);
    assertThat(lengths(triton)).containsExactly(5);
    arrive(triton, 5, 5, 5, 6);
    assertThat(lengths(triton)).containsExactly(5, 5);
    assertThat(lengths(triton)).containsExactly(5);
    assertThat(lengths(triton)).isEmpty();
  }

  @Test
  void a_request_that_waited_for_the_timeout_is_rejected() {
    Scheduler triton = new FlushOnMismatch(time, 4, 1, 0, 100, tokens -> tokens);
    arrive(triton, 1, 2);
    time.jump(100);
    assertThat(lengths(triton)).as("timed out, and the other found the queue full").isEmpty();
  }

  @Test
  void the_next_batch_is_frozen_before_the_lane_is_free() {
    Scheduler tei = new EarlyFrozen(1, 8, 100, 100);
    arrive(tei, 10);
    assertThat(lengths(tei)).containsExactly(10);
    // While that runs: the first to come is frozen alone, and the others go with the batch after
    // it.
    arrive(tei, 20, 30, 40);
    assertThat(lengths(tei)).containsExactly(20);
    assertThat(lengths(tei)).as("80 padded tokens of 100").containsExactly(30, 40);
  }

  @Test
  void the_token_budget_ends_a_batch_at_the_first_that_does_not_fit() {
    Scheduler tei = new EarlyFrozen(1, 8, 100, 100);
    arrive(tei, 1);
    arrive(tei, 30, 40, 60, 10);
    assertThat(lengths(tei)).containsExactly(1);
    assertThat(lengths(tei)).containsExactly(30, 40);
    assertThat(lengths(tei)).as("no look-ahead to the 10").containsExactly(60);
    assertThat(lengths(tei)).containsExactly(10);
  }

  @Test
  void permits_are_held_until_the_answer() {
    Scheduler tei = new EarlyFrozen(1, 8, 100, 2);
    arrive(tei, 1, 2, 3);
    assertThat(lengths(tei)).containsExactly(1);
    arrive(tei, 4);
    tei.ran(0);
    arrive(tei, 5);
    assertThat(lengths(tei)).containsExactly(2);
    assertThat(lengths(tei)).containsExactly(5);
    assertThat(lengths(tei)).isEmpty();
  }

  @Test
  void size_or_timer_whichever_comes_first() {
    Scheduler timed = new SizeAndTimer(time, 1, 2, 3, 50);
    arrive(timed, 1);
    assertThat(lengths(timed)).isEmpty();
    time.jump(20);
    arrive(timed, 500, 3, 4);
    assertThat(lengths(timed)).containsExactly(1, 500);
    assertThat(lengths(timed)).as("a new timer for what is left").isEmpty();
    time.jump(50);
    assertThat(lengths(timed)).as("the fourth found the queue full").containsExactly(3);
  }

  @Test
  void a_window_is_sorted_and_cut() {
    Scheduler infinity = new SortWindow(2, 1_000);
    arrive(infinity, 9, 1, 8, 2, 7);
    assertThat(lengths(infinity)).containsExactly(1, 2);
    arrive(infinity, 3);
    assertThat(lengths(infinity)).as("what is formed goes first").containsExactly(7, 8);
    assertThat(lengths(infinity)).containsExactly(9);
    assertThat(lengths(infinity)).containsExactly(3);
  }

  @Test
  void a_window_is_eight_batches() {
    Scheduler infinity = new SortWindow(1, 1_000);
    arrive(infinity, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    for (int length = 2; length <= 9; length++) {
      assertThat(lengths(infinity)).containsExactly(length);
    }
    assertThat(lengths(infinity)).containsExactly(1);
  }

  private void arrive(Scheduler scheduler, int... lengths) {
    for (int tokens : lengths) {
      scheduler.arrived(new Request(requests++, time.elapsedNanos(), tokens, 1_000));
    }
  }

  /** What lane 0 gets next. */
  private static List<Integer> lengths(Scheduler scheduler) {
    List<Integer> lengths = new ArrayList<>();
    scheduler.next(0).forEach(request -> lengths.add(request.tokens()));
    return lengths;
  }
}
