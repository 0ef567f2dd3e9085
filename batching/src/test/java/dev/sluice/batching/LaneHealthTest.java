// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** From three batches without a result to out and back. */
class LaneHealthTest {
  private static final long S = 1_000_000_000L;

  private final List<String> heard = new ArrayList<>();

  private final BatchObserver observer =
      new BatchObserver() {
        @Override
        public void laneOut(int lane, Throwable cause, long retryNanos) {
          heard.add(lane + " out for " + retryNanos / S + " s: " + cause.getMessage());
        }

        @Override
        public void laneBack(int lane) {
          heard.add(lane + " back");
        }
      };

  private final Stepped batcher = new Stepped(0, 2, settings -> settings.observer(observer));

  private final Throwable broken = new IllegalStateException("broken");

  /** Lets a lane fail with a batch of one. */
  private void failOn(int lane) {
    batcher.poison("bad");
    Answer answer = batcher.submit(call("bad"));
    batcher.run(Objects.requireNonNull(batcher.due(lane)));
    assertThat(answer.only()).isInstanceOf(Failure.RunFailed.class);
  }

  private void makeSuspect(int lane) {
    for (int i = 0; i < LaneState.MAX_FAILURES; i++) {
      failOn(lane);
    }
  }

  private void takeOut(int lane) {
    makeSuspect(lane);
    assertChecks(lane);
    batcher.core.checked(lane, broken);
  }

  private void assertChecks(int lane) {
    assertThat(batcher.core.nextTask(lane)).isInstanceOf(LaneTask.Check.class);
  }

  private void assertIsOut(int lane) {
    assertThat(batcher.core.nextTask(lane)).isNull();
  }

  @Test
  void one_result_in_between_clears_a_lane() {
    for (int i = 0; i < 3; i++) {
      failOn(0);
      failOn(0);
      batcher.submit(call("good"));
      batcher.submit(call("bad"));
      batcher.step();
    }
    assertThat(batcher.core.fitLanes()).isEqualTo(2);
  }

  @Test
  void a_lane_is_asked_to_check_itself_before_it_gets_more() {
    makeSuspect(0);
    assertThat(batcher.core.fitLanes()).isEqualTo(1);
    batcher.submit(call("good"));
    assertChecks(0);
    batcher.core.checked(0, null);
    assertThat(heard).containsExactly("0 back");
    assertThat(batcher.core.fitLanes()).isEqualTo(2);
    assertThat(batcher.step()).containsExactly("good");
  }

  @Test
  void a_lane_that_is_out_takes_nothing_while_others_do() {
    takeOut(0);
    batcher.submit(call("good"));
    assertIsOut(0);
    assertThat(Stepped.names(Objects.requireNonNull(batcher.due(1)))).containsExactly("good");
  }

  @Test
  void pauses_double_up_to_a_minute_and_start_anew_after_a_check_that_passed() {
    takeOut(0);
    for (long pause : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      batcher.time.advance(pause * S - 1);
      assertIsOut(0);
      batcher.time.advance(1);
      assertChecks(0);
      batcher.core.checked(0, broken);
    }
    batcher.time.advance(60 * S);
    assertChecks(0);
    batcher.core.checked(0, null);
    takeOut(0);
    assertThat(heard)
        .containsExactly(
            "0 out for 1 s: broken",
            "0 out for 2 s: broken",
            "0 out for 4 s: broken",
            "0 out for 8 s: broken",
            "0 out for 16 s: broken",
            "0 out for 32 s: broken",
            "0 out for 60 s: broken",
            "0 out for 60 s: broken",
            "0 out for 60 s: broken",
            "0 back",
            "0 out for 1 s: broken");
  }

  @Test
  void when_all_are_out_nobody_waits_in_vain() {
    takeOut(0);
    makeSuspect(1);
    Answer waiting = batcher.submit(call("waits for the check"));
    assertThat(waiting.isOpen()).isTrue();
    batcher.time.advance(S / 4);
    batcher.core.checked(1, broken);
    // The first lane is asked again in three quarters of a second.
    Failure noLane = new Failure.NoLane(3 * S / 4);
    assertThat(waiting.only()).isEqualTo(noLane);
    assertThat(batcher.submit(call("new")).only()).isEqualTo(noLane);
    batcher.time.advance(3 * S / 4);
    assertThat(batcher.submit(call("hopes")).isOpen()).as("one is about to be asked").isTrue();
    assertChecks(0);
    batcher.core.checked(0, null);
    assertThat(batcher.step()).containsExactly("hopes");
    assertIsOut(1);
  }

  @Test
  void nobody_is_told_to_come_back_at_once() {
    takeOut(0);
    takeOut(1);
    batcher.time.advance(S - 1);
    assertThat(batcher.submit(call("n")).only())
        .isEqualTo(new Failure.NoLane(DrainRate.MIN_WAIT_NANOS));
  }

  @Test
  void draining_ends_although_lanes_are_out() throws InterruptedException {
    takeOut(0);
    makeSuspect(1);
    Answer waiting = batcher.submit(callOf(9, "n"));
    batcher.core.stopAccepting();
    assertThat(batcher.core.awaitAllAnswered(0)).isFalse();
    assertChecks(1);
    batcher.core.checked(1, broken);
    assertThat(waiting.only()).isInstanceOf(Failure.NoLane.class);
    assertThat(batcher.core.awaitAllAnswered(0)).isTrue();
  }

  @Test
  void a_lane_that_is_out_when_all_is_closed_ends() {
    takeOut(0);
    makeSuspect(1);
    batcher.core.close();
    assertThat(batcher.core.awaitTask(0)).isNull();
    assertThat(batcher.core.awaitTask(1)).isNull();
    batcher.time.advance(100 * S);
    assertThat(batcher.time.scheduledTasks()).isZero();
  }
}
