// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final BatchLimits STEPS_OF_8 =
      new BatchLimits(
          4, 1_000, Long.MAX_VALUE, Duration.ZERO, List.of(), 8, BatchLimits.DEFAULT_WASTE);

  private final List<String> heard = new ArrayList<>();

  private final BatchObserver observer =
      new BatchObserver() {
        @Override
        public void batchFormed(
            int lane, int rows, long tokens, long paddedTokens, long waitNanos, long forming) {
          heard.add(
              "formed %d: %d rows, %d of %d tokens, waited %d, took %d"
                  .formatted(lane, rows, tokens, paddedTokens, waitNanos, forming));
        }

        @Override
        public void batchRan(
            int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
          heard.add(
              "ran: %d rows, %d of %d tokens in %d%s"
                  .formatted(rows, tokens, paddedTokens, computeNanos, failed ? ", failed" : ""));
        }

        @Override
        public void callRefused(int rows, Failure why) {
          heard.add("refused: " + rows + " rows, " + why.getClass().getSimpleName());
        }

        @Override
        public void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {
          heard.add(
              "ended: "
                  + rows
                  + " rows after "
                  + timing.queueNanos()
                  + ", "
                  + (failure == null ? "answered" : failure.getClass().getSimpleName()));
        }
      };

  private final Stepped batcher =
      new Stepped(settings -> settings.batchLimits(STEPS_OF_8).observer(observer));

  @Test
  void a_batch_is_told_when_it_is_formed_and_when_it_ran() {
    batcher.cost((rows, paddedTokens) -> 100);
    batcher.submit(call(item("a", 1, 9)));
    batcher.time.advance(20);
    batcher.submit(call(item("b", 2, 10)));
    batcher.time.advance(30);
    batcher.step();
    // 16 is what the engine pads 9 and 10 to.
    assertThat(heard)
        .containsExactly(
            "formed 0: 3 rows, 29 of 48 tokens, waited 50, took 0",
            "ran: 3 rows, 29 of 48 tokens in 100",
            "ended: 1 rows after 50, answered",
            "ended: 2 rows after 30, answered");
  }

  @Test
  void a_part_of_a_failed_batch_is_not_another_batch_formed() {
    batcher.poison("b");
    batcher.submit(call("a"));
    batcher.submit(call("b"));
    batcher.step();
    assertThat(heard).filteredOn(line -> line.startsWith("formed")).hasSize(1);
    assertThat(heard)
        .filteredOn(line -> line.startsWith("ran"))
        .containsExactly(
            "ran: 2 rows, 2 of 16 tokens in 0, failed",
            "ran: 1 rows, 1 of 8 tokens in 0",
            "ran: 1 rows, 1 of 8 tokens in 0, failed");
  }

  @Test
  void what_is_refused_is_told_apart_from_what_is_dropped() {
    Ticket ticket = batcher.core.submit(callOf(2, "n"), new Answer());
    batcher.time.advance(7);
    ticket.cancel();
    batcher.submit(call(item("too many", 5, 1)));
    batcher.core.stopAccepting();
    batcher.submit(call("late"));
    assertThat(heard)
        .containsExactly(
            "ended: 2 rows after 7, Cancelled",
            "refused: 5 rows, TooLarge",
            "refused: 1 rows, Closed");
  }
}
