// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LingerTest {
  private final Stepped batcher = new Stepped(new BatchLimits(4, 100, Duration.ofNanos(50)));

  @Test
  void a_batch_that_is_not_full_waits_for_the_linger_of_its_oldest_call() {
    batcher.submit(call("a"));
    assertThat(batcher.due()).isNull();
    batcher.time.advance(30);
    batcher.submit(call("b"));
    batcher.time.advance(19);
    assertThat(batcher.due()).isNull();
    batcher.time.advance(1);
    assertThat(batcher.step()).containsExactly("a", "b");
  }

  @Test
  void the_timer_is_set_for_the_end_of_the_linger() {
    batcher.submit(call("a"));
    assertThat(batcher.time.scheduledTasks()).isEqualTo(1);
    batcher.time.advance(50);
    assertThat(batcher.time.scheduledTasks()).isZero();
    assertThat(batcher.step()).containsExactly("a");
  }

  @Test
  void a_batch_full_of_rows_does_not_wait() {
    batcher.submit(callOf(3, "n"));
    assertThat(batcher.due()).isNull();
    batcher.submit(call("fourth"));
    assertThat(batcher.step()).hasSize(4);
  }

  @Test
  void a_batch_full_of_tokens_does_not_wait() {
    batcher.submit(call(item("a", 1, 50)));
    assertThat(batcher.due()).isNull();
    batcher.submit(call(item("b", 1, 50)));
    assertThat(batcher.step()).containsExactly("a", "b");
  }

  @Test
  void a_batch_that_the_next_item_does_not_fit_in_does_not_wait() {
    batcher.submit(call(item("a", 3, 1)));
    batcher.submit(call(item("b", 2, 1)));
    assertThat(batcher.step()).containsExactly("a");
  }

  @Test
  void a_deadline_within_the_linger_ends_the_wait_instead_of_the_call() {
    batcher.submit(call("a"));
    Answer hurried = batcher.submit(due(call("b"), 50));
    assertThat(batcher.step()).containsExactly("b", "a");
    assertThat(hurried.only()).isEqualTo(List.of("B"));
  }

  @Test
  void draining_does_not_wait() {
    Answer answer = batcher.submit(call("a"));
    assertThat(batcher.due()).isNull();
    batcher.core.stopAccepting();
    batcher.runAll();
    assertThat(answer.only()).isEqualTo(List.of("A"));
  }

  @Test
  void work_that_waited_for_a_busy_lane_does_not_wait_again() {
    batcher.submit(callOf(4, "n"));
    FormedBatch<String, String> running = batcher.form();
    batcher.submit(call("a"));
    batcher.time.advance(60);
    batcher.run(running);
    assertThat(batcher.step()).containsExactly("a");
  }
}
