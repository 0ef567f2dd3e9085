// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.at;
import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.callOf;
import static dev.sluice.batching.Calls.due;
import static dev.sluice.batching.Calls.ranked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Priority levels, and Triton's timeout action DELAY. */
class LevelsTest {
  private final Stepped batcher = new Stepped(new BatchLimits(9, 1_000, Duration.ZERO));

  @Test
  void smaller_levels_go_first_inside_of_a_class() {
    batcher.submit(at(2, due(call("second, hurried"), 10)));
    batcher.submit(at(63, call("last")));
    batcher.submit(at(1, call("first")));
    batcher.submit(ranked(at(5, call("sheddable")), Criticality.SHEDDABLE));
    assertThat(batcher.step()).containsExactly("first", "second, hurried", "last", "sheddable");
  }

  @Test
  void at_its_moment_a_call_goes_behind_its_level_but_not_behind_the_next() {
    batcher.submit(at(1, 100, call("delayed")));
    batcher.submit(at(2, call("next level")));
    batcher.submit(at(1, call("same level")));
    batcher.time.advance(99);
    batcher.submit(at(1, call("same level, later")));
    batcher.time.advance(1);
    assertThat(batcher.step())
        .containsExactly("same level", "same level, later", "delayed", "next level");
    batcher.assertNothingIsLeft();
  }

  @Test
  void before_its_moment_it_keeps_its_place() {
    batcher.submit(at(1, 100, call("first")));
    batcher.submit(at(1, call("second")));
    batcher.time.advance(99);
    assertThat(batcher.step()).containsExactly("first", "second");
  }

  @Test
  void delayed_ones_keep_their_deadline_and_their_order() {
    batcher.submit(at(1, 10, call("a")));
    batcher.submit(at(1, 5, call("b")));
    Answer dated = batcher.submit(at(1, 7, due(call("dated"), 50)));
    batcher.time.advance(20);
    assertThat(batcher.step()).containsExactly("dated", "a", "b");
    assertThat(dated.isOpen()).isFalse();
    Answer expires = batcher.submit(at(1, 25, due(call("expires"), 50)));
    batcher.time.advance(30);
    assertThat(expires.only()).isEqualTo(new Failure.Expired());
    batcher.assertNothingIsLeft();
  }

  @Test
  void a_delayed_call_is_cancelled_like_any_other() {
    Ticket ticket = batcher.core.submit(at(1, 10, callOf(4, "n")), new Answer());
    batcher.time.advance(10);
    batcher.submit(at(1, call("other")));
    ticket.cancel();
    assertThat(batcher.step()).containsExactly("other");
    batcher.assertNothingIsLeft();
    assertThat(batcher.core.entries()).isZero();
  }

  @Test
  void what_is_left_of_a_call_that_has_begun_is_delayed_too() {
    Stepped narrow = new Stepped(new BatchLimits(2, 1_000, Duration.ZERO));
    narrow.submit(at(1, 10, callOf(4, "n")));
    narrow.step();
    narrow.submit(at(1, callOf(2, "m")));
    narrow.time.advance(10);
    assertThat(narrow.step()).containsExactly("m0", "m1");
    assertThat(narrow.step()).containsExactly("n2", "n3");
    narrow.assertNothingIsLeft();
  }

  @Test
  void a_moment_that_has_passed_already_delays_at_once() {
    batcher.time.advance(100);
    batcher.submit(at(1, 40, call("delayed")));
    batcher.submit(at(1, call("other")));
    assertThat(batcher.step()).containsExactly("other", "delayed");
  }

  @Test
  void other_levels_are_refused() {
    for (int level : new int[] {-1, Call.MAX_LEVEL + 1}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> at(level, call("n")))
          .withMessage("the level of a call is 0 to 63, not " + level);
    }
  }
}
