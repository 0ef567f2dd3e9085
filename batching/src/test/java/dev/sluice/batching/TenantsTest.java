// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.at;
import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static dev.sluice.batching.Calls.owned;
import static dev.sluice.batching.Calls.ranked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
  private static final TenantShares THREE_TO_ONE =
      new TenantShares(Map.of("big", 3, "small", 1), 1);

  private static Stepped with(TenantShares shares, BatchLimits limits) {
    return new Stepped(
        settings -> settings.tenants(shares).batchLimits(limits).ageing(Duration.ofDays(1)));
  }

  private static int served(Stepped batcher, String name) {
    return (int)
        batcher.runs.stream().flatMap(List::stream).filter(it -> it.startsWith(name)).count();
  }

  @Test
  void under_overload_tokens_are_shared_by_weight_whoever_asks_for_more() {
    Stepped batcher = with(THREE_TO_ONE, new BatchLimits(8, 10_000, Duration.ZERO));
    for (int i = 0; i < 400; i++) {
      batcher.submit(owned("small", due(call(item("s", 1, 10)), 1_000_000)));
      batcher.submit(owned("small", due(call(item("s", 1, 10)), 1_000_000)));
      batcher.submit(owned("big", call(item("b", 1, 10))));
    }
    for (int i = 0; i < 50; i++) {
      batcher.step();
    }
    // For each unit of weight nobody is ever further ahead than a batch of eight.
    assertThat(served(batcher, "s") - served(batcher, "b") / 3.0).isCloseTo(0, within(8.0));
  }

  @Test
  void shares_are_of_tokens_and_not_of_calls() {
    Stepped batcher = with(TenantShares.EQUAL, new BatchLimits(4, 10_000, Duration.ZERO));
    for (int i = 0; i < 600; i++) {
      batcher.submit(owned("x", call(item("long", 1, 40))));
      batcher.submit(owned("y", call(item("short", 1, 10))));
    }
    for (int i = 0; i < 180; i++) {
      batcher.step();
    }
    // A batch ahead, and what the selection prefers inside of its window of eight batches.
    int most = 4 * 40 + 8 * 4 * 10;
    assertThat(10 * served(batcher, "short") - 40 * served(batcher, "long"))
        .isCloseTo(0, within(most));
  }

  @Test
  void a_tenant_alone_has_everything() {
    Stepped batcher = with(THREE_TO_ONE, Stepped.FOUR_ROWS);
    batcher.submit(owned("small", callOf(8, "s")));
    assertThat(batcher.step()).hasSize(4);
    assertThat(batcher.step()).hasSize(4);
  }

  @Test
  void deadlines_decide_as_long_as_nobody_is_a_batch_ahead() {
    Stepped batcher = with(TenantShares.EQUAL, Stepped.FOUR_ROWS);
    batcher.submit(call("sets the size of a batch"));
    batcher.step();
    for (int i = 0; i < 20; i++) {
      batcher.submit(owned("x", due(call("hurried"), 1_000)));
      batcher.submit(owned("y", call("patient")));
    }
    assertThat(batcher.step()).containsOnly("hurried");
    // Four ahead is a batch; from here on they take turns.
    assertThat(batcher.step()).contains("patient");
    batcher.step();
    batcher.step();
    assertThat(served(batcher, "hurried") - served(batcher, "patient")).isBetween(2, 5);
  }

  @Test
  void time_without_work_earns_nothing_even_if_nobody_else_had_any() {
    Stepped batcher = with(TenantShares.EQUAL, Stepped.FOUR_ROWS);
    batcher.submit(owned("old", callOf(400, "o")));
    batcher.runAll();
    batcher.runs.clear();
    // Nothing waits: who comes first now must not be owed what the other had before.
    for (int i = 0; i < 40; i++) {
      batcher.submit(owned("new", call("new")));
      batcher.submit(owned("old", call("old")));
    }
    for (int i = 0; i < 10; i++) {
      batcher.step();
    }
    assertThat(served(batcher, "old")).isBetween(16, 24);
  }

  @Test
  void a_tenant_that_was_idle_is_not_owed_what_others_had() {
    Stepped batcher = with(TenantShares.EQUAL, Stepped.FOUR_ROWS);
    batcher.submit(owned("idle", call("i")));
    batcher.submit(owned("busy", callOf(400, "b")));
    for (int i = 0; i < 50; i++) {
      batcher.step();
    }
    batcher.submit(owned("idle", callOf(100, "i")));
    batcher.runs.clear();
    for (int i = 0; i < 10; i++) {
      batcher.step();
    }
    assertThat(served(batcher, "b")).isBetween(16, 24);
  }

  @Test
  void one_tenant_gets_its_part_of_the_queue_whatever_its_classes_and_levels() {
    Stepped batcher =
        new Stepped(
            settings ->
                settings
                    .queueLimits(new QueueLimits(100, 1_000, 1_000))
                    .tenants(new TenantShares(Map.of(), 0.1)));
    batcher.submit(owned("x", callOf(4, "n")));
    batcher.submit(owned("x", ranked(callOf(3, "n"), Criticality.CRITICAL_PLUS)));
    batcher.submit(owned("x", at(7, callOf(3, "n"))));
    assertThat(batcher.submit(owned("x", at(9, call("n")))).only())
        .isInstanceOfSatisfying(
            Failure.QueueFull.class,
            full -> assertThat(full.limit()).isEqualTo(Budget.TENANT_ROWS));
    assertThat(batcher.submit(owned("y", call("n"))).isOpen()).isTrue();
    batcher.runAll();
    assertThat(batcher.submit(owned("x", callOf(10, "n"))).isOpen()).isTrue();
    assertThat(batcher.submit(owned("z", callOf(11, "n"))).only())
        .isEqualTo(new Failure.TooLarge(Budget.WAITING_ROWS, 11, 10));
  }

  @Test
  void invented_names_cost_no_memory_and_gain_a_bounded_share() {
    Stepped batcher = with(new TenantShares(Map.of("known", 64), 1), Stepped.FOUR_ROWS);
    batcher.submit(owned("known", callOf(2_000, "known")));
    for (int i = 0; i < 5_000; i++) {
      batcher.submit(owned("invented" + i, call("invented")));
    }
    for (int i = 0; i < 500; i++) {
      batcher.step();
    }
    // 64 accounts of weight 1 against one of weight 64: half each, but for a lead of one batch.
    assertThat((served(batcher, "known") - served(batcher, "invented")) / 64).isBetween(0, 4);
    batcher.runAll();
    assertThat(batcher.core.entries()).isLessThan(200);
  }
}
