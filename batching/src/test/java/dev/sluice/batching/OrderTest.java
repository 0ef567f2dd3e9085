// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers that leave in the order in which calls came in. */
class OrderTest {
  private final List<String> told = new ArrayList<>();

  private final Stepped batcher =
      new Stepped(
          0,
          3,
          settings ->
              settings
                  .keepOrder()
                  .batchLimits(Stepped.ONE_ROW)
                  .queueLimits(new QueueLimits(50, 1_000, 1_000)));

  private Ticket submit(String name, Call<String> call) {
    return batcher.core.submit(
        call,
        new Completion<>() {
          @Override
          public void succeeded(List<String> results, CallTiming timing) {
            told.add(name);
          }

          @Override
          public void failed(Failure failure, CallTiming timing) {
            told.add(name + " " + failure.getClass().getSimpleName());
          }
        });
  }

  private FormedBatch<String, String> take(int lane) {
    return Objects.requireNonNull(batcher.due(lane));
  }

  @Test
  void an_answer_waits_for_those_before_it() {
    submit("a", call("a"));
    submit("b", call("b"));
    submit("c", call("c"));
    FormedBatch<String, String> first = take(0);
    batcher.run(take(1));
    batcher.run(take(2));
    assertThat(told).isEmpty();
    batcher.run(first);
    assertThat(told).containsExactly("a", "b", "c");
  }

  @Test
  void failures_wait_for_their_turn_and_make_way() {
    Ticket first = submit("a", callOf(2, "a"));
    Ticket second = submit("b", call("b"));
    submit("c", due(call("c"), 10));
    second.cancel();
    batcher.time.advance(10);
    assertThat(told).isEmpty();
    first.cancel();
    assertThat(told).containsExactly("a Cancelled", "b Cancelled", "c Expired");
  }

  @Test
  void a_refusal_does_not_wait() {
    submit("a", call("a"));
    submit("b", call(item("b", 2, 1)));
    assertThat(told).containsExactly("b TooLarge");
  }

  @Test
  void not_more_answers_are_held_than_calls_may_wait() {
    submit("stuck", call("stuck"));
    FormedBatch<String, String> stuck = take(0);
    for (int i = 0; i < 50; i++) {
      submit("n", call("n"));
      batcher.run(take(1));
    }
    assertThat(batcher.submit(call("one more")).only())
        .isEqualTo(new Failure.QueueFull(Budget.HELD_ANSWERS, DrainRate.UNKNOWN_WAIT_NANOS));
    batcher.run(stuck);
    assertThat(told).hasSize(51);
    assertThat(batcher.submit(call("one more")).isOpen()).isTrue();
  }

  @Test
  void closing_tells_in_order_too() {
    submit("a", call("a"));
    submit("b", call("b"));
    FormedBatch<String, String> running = take(0);
    batcher.core.close();
    assertThat(told).isEmpty();
    batcher.run(running);
    assertThat(told).containsExactly("a", "b Closed");
  }

  @Test
  void the_order_is_kept_whatever_happens() {
    Random random = new Random(1);
    List<Ticket> tickets = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      int number = tickets.size();
      boolean dated = random.nextInt(4) == 0;
      Call<String> call = callOf(1 + random.nextInt(3), "n");
      call = dated ? due(call, batcher.time.nanoTime() + 1 + random.nextInt(30)) : call;
      tickets.add(submit(String.valueOf(number), call));
      batcher.time.advance(random.nextInt(10));
      List<FormedBatch<String, String>> running = new ArrayList<>();
      for (int lane = 0; lane < 3; lane++) {
        FormedBatch<String, String> batch = batcher.due(lane);
        if (batch != null) {
          running.add(random.nextInt(running.size() + 1), batch);
        }
      }
      if (random.nextInt(3) == 0) {
        tickets.get(random.nextInt(tickets.size())).cancel();
      }
      running.forEach(batcher::run);
    }
    batcher.runAll();
    List<Integer> numbers = told.stream().map(it -> Integer.valueOf(it.split(" ", 2)[0])).toList();
    assertThat(numbers).hasSize(300).isSorted();
    assertThat(told)
        .anyMatch(it -> it.endsWith("Cancelled"))
        .anyMatch(it -> it.endsWith("Expired"));
  }
}
