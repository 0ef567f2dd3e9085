// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.ranked;
import static dev.sluice.batching.Calls.shaped;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch chosen while the lane is busy is the one that would be chosen when it is free. */
class FormEarlyTest {
  private int selections;

  private final Stepped batcher =
      new Stepped(
          settings ->
              settings
                  .formEarly()
                  .selection(
                      (window, costs) -> {
                        selections++;
                        new LengthSelection().select(window, costs);
                      }));

  /** The one lane runs something. */
  private void keepLaneBusy() {
    batcher.submit(call("runs"));
    batcher.form();
    selections = 0;
  }

  @Test
  void the_call_that_completes_a_batch_has_it_chosen() {
    keepLaneBusy();
    batcher.submit(callOf(3, "a"));
    assertThat(selections).isZero();
    batcher.submit(call("b"));
    assertThat(selections).isOne();
    batcher.submit(call("c"));
    assertThat(batcher.step()).containsExactly("a0", "a1", "a2", "b");
    assertThat(selections).as("and nobody else has").isOne();
    assertThat(batcher.step()).containsExactly("c");
  }

  @Test
  void its_items_are_cancelled_like_any_others() {
    keepLaneBusy();
    Ticket ticket = batcher.core.submit(callOf(2, "a"), new Answer());
    batcher.submit(callOf(2, "b"));
    batcher.submit(callOf(2, "c"));
    ticket.cancel();
    assertThat(batcher.step()).containsExactly("b0", "b1", "c0", "c1");
    assertThat(batcher.core.load().waitingRows()).isZero();
  }

  @Test
  void its_items_expire_like_any_others() {
    keepLaneBusy();
    Answer dated = batcher.submit(due(callOf(2, "a"), 100));
    batcher.submit(callOf(2, "b"));
    batcher.time.advance(100);
    assertThat(dated.only()).isEqualTo(new Failure.Expired());
    assertThat(batcher.step()).containsExactly("b0", "b1");
    assertThat(batcher.core.load().waitingRows()).isZero();
  }

  @Test
  void what_is_more_urgent_goes_first() {
    keepLaneBusy();
    batcher.submit(callOf(4, "a"));
    batcher.submit(due(call("hurried"), 100));
    assertThat(batcher.step()).containsExactly("hurried", "a0", "a1", "a2");
    batcher.submit(callOf(7, "b"));
    batcher.submit(ranked(call("critical"), Criticality.CRITICAL_PLUS));
    assertThat(batcher.step()).contains("critical");
  }

  @Test
  void what_is_demoted_meanwhile_goes_behind() {
    keepLaneBusy();
    batcher.submit(Calls.at(0, 50, callOf(4, "a")));
    batcher.submit(callOf(2, "b"));
    batcher.time.advance(50);
    assertThat(batcher.step()).containsExactly("b0", "b1", "a0", "a1");
  }

  @Test
  void the_turn_of_the_aged_is_not_passed_over() {
    Stepped one = new Stepped(settings -> settings.formEarly().batchLimits(Stepped.ONE_ROW));
    Answer least = one.submit(ranked(call("least"), Criticality.SHEDDABLE));
    one.time.advance(Stepped.AGEING);
    for (int i = 0; i < BatchFormer.AGED_TURN; i++) {
      one.submit(ranked(callOf(2, "most"), Criticality.CRITICAL_PLUS));
      one.step();
    }
    assertThat(least.only()).isEqualTo(List.of("LEAST"));
  }

  @Test
  void without_a_full_batch_nothing_is_chosen_early() {
    keepLaneBusy();
    for (int i = 0; i < 6; i++) {
      batcher.submit(call(shaped("n", i % 3)));
    }
    assertThat(selections).as("one attempt that found no full batch").isOne();
    assertThat(batcher.step()).hasSize(2);
  }
}
