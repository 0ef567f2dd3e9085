// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DrainTest {
  private final List<String> steps = new ArrayList<>();
  private long now = Long.MAX_VALUE - 3;

  /** Takes its time, answers everything or not, and says what it was given. */
  private Drain.Part part(String name, Duration takes, boolean answers) {
    return new Drain.Part() {
      @Override
      public void beginDrain() {
        steps.add(name + " begins");
      }

      @Override
      public boolean finish(Duration limit) {
        steps.add(name + " has " + limit.toMillis());
        now += takes.toNanos();
        return answers;
      }
    };
  }

  private boolean drain(long delayMillis, long limitMillis, Drain.Part... parts)
      throws InterruptedException {
    return new Drain(
            List.of(parts),
            Duration.ofMillis(delayMillis),
            Duration.ofMillis(limitMillis),
            () -> now,
            duration -> {
              steps.add("serves on for " + duration.toMillis());
              now += duration.toNanos();
            })
        .run();
  }

  @Test
  void allBeginThenServingGoesOnThenEachFinishesInWhatIsLeft() throws Exception {
    boolean answered =
        drain(
            200,
            1000,
            part("front", Duration.ofMillis(300), true),
            part("models", Duration.ofMillis(100), true));
    assertThat(answered).isTrue();
    assertThat(steps)
        .containsExactly(
            "front begins",
            "models begins",
            "serves on for 200",
            "front has 800",
            "models has 500");
  }

  @Test
  void withoutADelayThereIsNoPause() throws Exception {
    drain(0, 1000, part("front", Duration.ZERO, true));
    assertThat(steps).containsExactly("front begins", "front has 1000");
  }

  @Test
  void aDelayBeyondTheLimitIsCutToIt() throws Exception {
    drain(5000, 1000, part("front", Duration.ZERO, true));
    assertThat(steps).containsExactly("front begins", "serves on for 1000", "front has 0");
  }

  @Test
  void aPartThatTakesTooLongLeavesTheOthersNothingButTheirTurn() throws Exception {
    boolean answered =
        drain(
            0,
            1000,
            part("front", Duration.ofMillis(1500), false),
            part("models", Duration.ZERO, true));
    assertThat(answered).isFalse();
    assertThat(steps).endsWith("models has 0");
  }

  @Test
  void aPartThatThrowsDoesNotKeepTheOthersFromTheirTurn() throws Exception {
    Drain.Part broken =
        new Drain.Part() {
          @Override
          public void beginDrain() {
            throw new IllegalStateException("made up");
          }

          @Override
          public boolean finish(Duration limit) {
            throw new IllegalStateException("made up");
          }
        };
    assertThat(drain(0, 1000, broken, part("models", Duration.ZERO, true))).isFalse();
    assertThat(steps).containsExactly("models begins", "models has 1000");
  }
}
