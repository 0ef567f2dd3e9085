// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CancelTest {
  private static final Failure CANCELLED = new Failure.Cancelled();

  private final Stepped batcher = new Stepped(Stepped.ONE_ROW, new QueueLimits(3, 99, 99), 0);
  private final Answer answer = new Answer();

  @Test
  void a_waiting_call_does_not_run_and_makes_room_at_once() {
    Ticket ticket = batcher.core.submit(callOf(3, "n"), answer);
    ticket.cancel();
    assertThat(answer.only()).isEqualTo(CANCELLED);
    assertThat(batcher.submit(callOf(3, "m")).isOpen()).isTrue();
    batcher.runAll();
    assertThat(batcher.runs.toString()).doesNotContain("n0");
  }

  @Test
  void cancelling_again_changes_nothing() {
    Ticket ticket = batcher.core.submit(callOf(3, "n"), answer);
    ticket.cancel();
    ticket.cancel();
    assertThat(answer.only()).isEqualTo(CANCELLED);
    batcher.assertNothingIsLeft();
  }

  @Test
  void the_result_of_a_running_item_is_dropped_and_the_rest_does_not_run() {
    Ticket ticket = batcher.core.submit(callOf(3, "n"), answer);
    FormedBatch<String, String> running = batcher.form();
    ticket.cancel();
    assertThat(answer.only()).isEqualTo(CANCELLED);
    assertThat(batcher.core.load()).isEqualTo(new Batcher.Load(0, 0, 0, 1));
    batcher.run(running);
    assertThat(batcher.runs).containsExactly(List.of("n0"));
    assertThat(answer.count()).isEqualTo(1);
    batcher.assertNothingIsLeft();
  }

  @Test
  void cancelling_an_answered_call_does_nothing() {
    Ticket ticket = batcher.core.submit(call("a"), answer);
    batcher.step();
    ticket.cancel();
    assertThat(answer.only()).isEqualTo(List.of("A"));
  }

  @Test
  void a_cancelled_call_is_not_run_again_when_its_batch_failed() {
    Stepped wide = new Stepped(Stepped.FOUR_ROWS);
    Ticket ticket = wide.core.submit(call("cancelled"), answer);
    Answer mate = wide.submit(call("mate"));
    wide.model(
        payload -> {
          if (wide.runs.size() == 1) {
            ticket.cancel();
            throw new IllegalStateException("the first run fails");
          }
          return payload;
        });
    wide.step();
    assertThat(answer.only()).isEqualTo(CANCELLED);
    assertThat(mate.only()).isEqualTo(List.of("mate"));
    assertThat(wide.runs).containsExactly(List.of("cancelled", "mate"), List.of("mate"));
    wide.assertNothingIsLeft();
  }

  @Test
  void a_completion_may_cancel_and_submit() {
    Answer second = new Answer();
    Answer third = new Answer();
    Ticket secondTicket = batcher.core.submit(call("second"), second);
    Completion<String> busy =
        new Completion<>() {
          @Override
          public void succeeded(List<String> results, CallTiming timing) {
            throw new AssertionError("it was to be cancelled");
          }

          @Override
          public void failed(Failure failure, CallTiming timing) {
            secondTicket.cancel();
            batcher.core.submit(call("third"), third);
          }
        };
    batcher.core.submit(call("first"), busy).cancel();
    assertThat(second.only()).isEqualTo(CANCELLED);
    batcher.runAll();
    assertThat(third.only()).isEqualTo(List.of("THIRD"));
  }
}
