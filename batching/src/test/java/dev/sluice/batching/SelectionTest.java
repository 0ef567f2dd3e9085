// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.call;
import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a policy may do, and what becomes of it when it does something else. */
class SelectionTest {
  private final List<Throwable> uncaught = new ArrayList<>();

  private static Stepped with(Selection selection) {
    return new Stepped(settings -> settings.selection(selection));
  }

  /** Takes a step on a thread whose handler keeps what it hears. */
  private List<String> step(Stepped batcher) throws InterruptedException {
    List<String> names = new ArrayList<>();
    Thread lane = Thread.ofPlatform().unstarted(() -> names.addAll(batcher.step()));
    lane.setUncaughtExceptionHandler((thread, thrown) -> uncaught.add(thrown));
    lane.start();
    lane.join();
    return names;
  }

  @Test
  void a_policy_that_throws_costs_the_head_its_company_and_is_reported()
      throws InterruptedException {
    Stepped batcher =
        with(
            (window, costs) -> {
              window.take(2);
              throw new AssertionError("policy");
            });
    batcher.submit(call("a"));
    batcher.submit(call("b"));
    batcher.submit(call("c"));
    assertThat(step(batcher)).containsExactly("a", "c");
    assertThat(uncaught).extracting(Throwable::getMessage).containsExactly("policy");
    assertThat(step(batcher)).containsExactly("b");
    batcher.assertNothingIsLeft();
  }

  @Test
  void a_policy_cannot_take_what_does_not_fit() throws InterruptedException {
    Stepped batcher =
        with(
            (window, costs) -> {
              for (int i = 1; i < window.size(); i++) {
                window.take(i);
              }
            });
    for (int i = 0; i < 6; i++) {
      batcher.submit(call("n"));
    }
    assertThat(step(batcher)).hasSize(4);
    assertThat(uncaught).singleElement().isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_policy_that_takes_nothing_leaves_the_head_alone() {
    Stepped batcher = with((window, costs) -> {});
    batcher.submit(call("a"));
    batcher.submit(call("b"));
    assertThat(batcher.step()).containsExactly("a");
    assertThat(batcher.step()).containsExactly("b");
  }

  @Test
  void a_policy_sees_what_the_candidates_cost() {
    List<String> seen = new ArrayList<>();
    Selection spy =
        (window, costs) -> {
          for (int i = 0; i < window.size(); i++) {
            seen.add(
                "%d x %d = %d, %d bytes, %d ns, %b"
                    .formatted(
                        window.rows(i),
                        window.tokens(i),
                        window.totalTokens(i),
                        window.bytes(i),
                        window.nanosLeft(i),
                        window.isTaken(i)));
          }
          seen.add(window.takenRows() + " rows, " + window.takenPaddedTokens() + " tokens");
        };
    BatchLimits stepsOf8 =
        new BatchLimits(9, 1_000, 100, Duration.ZERO, List.of(), 8, BatchLimits.DEFAULT_WASTE);
    Stepped batcher = new Stepped(settings -> settings.batchLimits(stepsOf8).selection(spy));
    batcher.submit(call(new Item<>("a", 2, 9, 50, "shape")));
    batcher.time.advance(10);
    batcher.submit(Calls.due(call(new Item<>("b", 3, 8, 60, "shape")), 30));
    batcher.step();
    assertThat(seen)
        .containsExactly(
            "3 x 8 = 24, 60 bytes, 20 ns, true",
            "2 x 16 = 32, 50 bytes, " + Long.MAX_VALUE + " ns, false",
            "3 rows, 24 tokens");
  }

  @Test
  void only_candidates_are_taken_and_once() {
    Window window = new Window(Stepped.FOUR_ROWS);
    window.add(item("a"), 1);
    window.take(0);
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> window.take(1));
    assertThatIllegalStateException().isThrownBy(() -> window.take(0));
  }

  @Test
  void what_is_put_back_no_longer_counts() {
    Window window = new Window(Stepped.FOUR_ROWS);
    window.add(item("a", 1, 10), 1);
    window.add(item("b", 1, 10), 1);
    window.add(item("c", 2, 30), 1);
    window.take(0);
    window.take(1);
    window.take(2);
    assertThat(window.takenPaddedTokens()).isEqualTo(120);
    window.cutTo(3);
    assertThat(window.takenPaddedTokens()).isEqualTo(20);
    window.cutTo(0);
    assertThat(window.takenRows()).as("the head stays").isEqualTo(1);
    window.clear();
    window.add(item("d", 4, 5), 1);
    assertThat(window.isTaken(0)).isFalse();
    window.take(0);
    assertThat(window.takenPaddedTokens()).isEqualTo(20);
  }
}
