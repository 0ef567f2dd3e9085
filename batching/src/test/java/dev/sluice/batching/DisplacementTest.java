// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.owned;
import static dev.sluice.batching.Calls.ranked;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A queue of eight rows, of which SHEDDABLE may fill four and SHEDDABLE_PLUS six. */
class DisplacementTest {
  private final Stepped batcher = new Stepped(Stepped.ONE_ROW, new QueueLimits(8, 1_000, 1_000), 0);

  private Answer submit(Criticality criticality, int rows) {
    return batcher.submit(ranked(callOf(rows, "n"), criticality));
  }

  private static void assertShed(Answer... answers) {
    for (Answer answer : answers) {
      assertThat(answer.only()).isInstanceOf(Failure.Shed.class);
    }
  }

  private static void assertFull(Answer answer) {
    assertThat(answer.only()).isInstanceOf(Failure.QueueFull.class);
  }

  @Test
  void each_class_may_fill_its_part_of_the_queue() {
    assertThat(submit(Criticality.SHEDDABLE, 4).isOpen()).isTrue();
    assertFull(submit(Criticality.SHEDDABLE, 1));
    assertThat(submit(Criticality.SHEDDABLE_PLUS, 2).isOpen()).isTrue();
    assertFull(submit(Criticality.SHEDDABLE_PLUS, 1));
    assertThat(submit(Criticality.CRITICAL, 1).isOpen()).isTrue();
    assertThat(submit(Criticality.CRITICAL_PLUS, 1).isOpen()).isTrue();
    assertThat(submit(Criticality.SHEDDABLE, 5).only())
        .isEqualTo(new Failure.TooLarge(Budget.WAITING_ROWS, 5, 4));
  }

  @Test
  void a_critical_call_pushes_out_the_least_critical_and_of_those_the_least_urgent() {
    Answer urgent = batcher.submit(ranked(due(call("a"), 100), Criticality.SHEDDABLE));
    Answer patient = batcher.submit(ranked(due(call("b"), 900), Criticality.SHEDDABLE));
    Answer better = submit(Criticality.SHEDDABLE_PLUS, 1);
    Answer critical = submit(Criticality.CRITICAL, 5);
    assertThat(submit(Criticality.CRITICAL, 1).isOpen()).isTrue();
    assertShed(patient);
    assertThat(submit(Criticality.CRITICAL_PLUS, 1).isOpen()).isTrue();
    assertShed(urgent);
    assertThat(submit(Criticality.CRITICAL, 1).isOpen()).isTrue();
    assertShed(better);
    assertFull(submit(Criticality.CRITICAL_PLUS, 1));
    assertThat(critical.isOpen()).isTrue();
  }

  @Test
  void nobody_is_pushed_out_by_the_sheddable() {
    Answer waiting = submit(Criticality.SHEDDABLE, 4);
    submit(Criticality.CRITICAL, 4);
    assertFull(submit(Criticality.SHEDDABLE_PLUS, 1));
    assertThat(waiting.isOpen()).isTrue();
  }

  @Test
  void nobody_is_pushed_out_in_vain() {
    Answer waiting = submit(Criticality.SHEDDABLE, 2);
    submit(Criticality.CRITICAL, 6);
    assertFull(submit(Criticality.CRITICAL, 3));
    assertThat(waiting.isOpen()).isTrue();
  }

  @Test
  void what_has_begun_stays_and_others_go_instead() {
    Answer begun = submit(Criticality.SHEDDABLE, 3);
    batcher.step();
    Answer other = batcher.submit(ranked(due(call("sooner"), 100), Criticality.SHEDDABLE));
    submit(Criticality.CRITICAL, 5);
    assertThat(submit(Criticality.CRITICAL, 1).isOpen()).isTrue();
    assertShed(other);
    assertFull(submit(Criticality.CRITICAL, 1));
    assertThat(begun.isOpen()).isTrue();
  }

  @Test
  void begun_calls_do_not_count_as_room_to_be_made() {
    Answer begun = submit(Criticality.SHEDDABLE, 3);
    batcher.step();
    Answer waiting = submit(Criticality.SHEDDABLE, 1);
    submit(Criticality.CRITICAL, 5);
    assertFull(submit(Criticality.CRITICAL, 2));
    assertThat(List.of(begun.isOpen(), waiting.isOpen())).containsExactly(true, true);
  }

  @Test
  void the_tenant_with_most_of_it_goes_first() {
    Answer little = batcher.submit(owned("little", ranked(call("a"), Criticality.SHEDDABLE)));
    Answer much = batcher.submit(owned("much", ranked(callOf(2, "b"), Criticality.SHEDDABLE)));
    Answer last = batcher.submit(owned("last", ranked(call("c"), Criticality.SHEDDABLE)));
    submit(Criticality.CRITICAL, 4);
    assertThat(submit(Criticality.CRITICAL, 1).isOpen()).isTrue();
    assertShed(much);
    assertThat(List.of(little.isOpen(), last.isOpen())).containsExactly(true, true);
  }

  @Test
  void a_tenant_over_its_part_pushes_out_its_own_only() {
    Stepped shared =
        new Stepped(
            settings ->
                settings
                    .queueLimits(new QueueLimits(8, 1_000, 1_000))
                    .tenants(new TenantShares(Map.of("x", 1, "y", 1), 0.5)));
    Answer others = shared.submit(owned("y", ranked(callOf(2, "y"), Criticality.SHEDDABLE)));
    Answer own = shared.submit(owned("x", ranked(call("own"), Criticality.SHEDDABLE)));
    shared.submit(owned("x", callOf(3, "x")));
    assertThat(shared.submit(owned("x", call("more"))).isOpen()).isTrue();
    assertShed(own);
    assertFull(shared.submit(owned("x", call("too much"))));
    assertThat(others.isOpen()).isTrue();
  }
}
