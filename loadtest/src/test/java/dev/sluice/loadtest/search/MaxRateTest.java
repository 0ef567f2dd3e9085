// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.result.Verdict.State;
import dev.sluice.loadtest.search.Trial.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search against models of servers, without a clock. */
final class MaxRateTest {
  private final List<Integer> rates = new ArrayList<>();
  private final List<Long> wanted = new ArrayList<>();

  private static Outcome judged(State state, long missing) {
    return new Outcome(state, missing, false, false, "because");
  }

  private MaxRate.Found search(int low, int high, int step, Trial server)
      throws IOException, InterruptedException {
    return MaxRate.search(
        low,
        high,
        step,
        1_000,
        (rate, calls) -> {
          rates.add(rate);
          wanted.add(calls);
          return server.at(rate, calls);
        });
  }

  private static Trial serving(int capacity) {
    return (rate, calls) -> judged(rate <= capacity ? State.PASS : State.FAIL, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 199, 200, 777, 1_600, 4_999, 9_990, 9_999})
  void theRateIsFoundToTheStepInFewTrials(int capacity) throws Exception {
    MaxRate.Found found = search(100, 10_000, 10, serving(capacity));
    assertThat(found.good()).isBetween(capacity - 10, capacity);
    assertThat(found.bad()).isBetween(capacity + 1, capacity + 10);
    assertThat(found.end()).isEqualTo(State.FAIL);
    assertThat(rates).doesNotHaveDuplicates().hasSizeLessThan(20).startsWith(100);
  }

  @Test
  void ratesAreDoubledUntilOneFails() throws Exception {
    search(100, 10_000, 1_000, serving(1_500));
    assertThat(rates).containsExactly(100, 200, 400, 800, 1_600);
  }

  @Test
  void noRateBeyondTheHighestIsTried() throws Exception {
    MaxRate.Found found = search(100, 500, 1, serving(1_000_000));
    assertThat(rates).containsExactly(100, 200, 400, 500);
    assertThat(found.good()).isEqualTo(500);
    assertThat(found.bad()).isZero();
    rates.clear();
    assertThat(search(1, Integer.MAX_VALUE, 1, serving(Integer.MAX_VALUE)).good())
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(rates).hasSize(32);
  }

  @Test
  void whereTheLowestFailsThereIsNone() throws Exception {
    MaxRate.Found found = search(100, 10_000, 1, serving(99));
    assertThat(rates).containsExactly(100);
    assertThat(found).isEqualTo(new MaxRate.Found(0, 100, State.FAIL, "because", false));
  }

  @Test
  void aRateThatCannotBeJudgedIsTriedAgainWithWhatWasMissing() throws Exception {
    Trial server =
        (rate, calls) ->
            calls < 1_500 ? judged(State.INCONCLUSIVE, 300) : serving(150).at(rate, calls);
    assertThat(search(100, 10_000, 100, server).good()).isEqualTo(100);
    assertThat(rates).containsExactly(100, 100, 200, 200);
    assertThat(wanted).containsExactly(1_000L, 1_600L, 1_000L, 1_600L);
  }

  @Test
  void aRateThatCanNeverBeJudgedIsNotTaken() throws Exception {
    MaxRate.Found found =
        search(
            100,
            10_000,
            100,
            (rate, calls) -> rate < 300 ? judged(State.PASS, 0) : judged(State.INCONCLUSIVE, 1));
    assertThat(found).isEqualTo(new MaxRate.Found(200, 300, State.INCONCLUSIVE, "because", false));
    assertThat(rates).containsExactly(100, 200, 400, 400, 400, 300, 300, 300);
    rates.clear();
    search(100, 200, 1, (rate, calls) -> judged(State.INCONCLUSIVE, 0));
    assertThat(rates).as("more calls would not help").containsExactly(100);
  }

  private static Outcome byAHair() {
    return new Outcome(State.FAIL, 0, true, false, "by a hair");
  }

  @Test
  void aRateThatFailsByAHairIsAskedASecondTimeAndThatDecides() throws Exception {
    // The first trial at 400 has bad luck; at 800 both fail, at 1,600 the server is far beyond.
    Trial server =
        (rate, calls) -> {
          boolean second = rates.stream().filter(each -> each == rate).count() > 1;
          boolean unlucky = rate == 400 && !second;
          return unlucky || rate == 800 ? byAHair() : serving(800).at(rate, calls);
        };
    MaxRate.Found found = search(100, 10_000, 400, server);
    assertThat(rates).containsExactly(100, 200, 400, 400, 800, 800);
    assertThat(found).isEqualTo(new MaxRate.Found(400, 800, State.FAIL, "by a hair", false));
    rates.clear();
    search(1_600, 10_000, 400, server);
    assertThat(rates).as("not by a hair").containsExactly(1_600);
  }

  @Test
  void aSecondTrialThatCannotBeJudgedIsTriedAgainAsAnyOther() throws Exception {
    Trial server =
        (rate, calls) ->
            rates.size() == 1
                ? byAHair()
                : calls < 1_500 ? judged(State.INCONCLUSIVE, 300) : judged(State.PASS, 0);
    assertThat(search(100, 101, 1, server).good()).isEqualTo(101);
    assertThat(rates).containsExactly(100, 100, 100, 101, 101);
    assertThat(wanted).containsExactly(1_000L, 1_000L, 1_600L, 1_000L, 1_600L);
  }

  @Test
  void whatIsStoppedIsNotAskedASecondTime() throws Exception {
    Trial server = (rate, calls) -> new Outcome(State.FAIL, 0, true, true, "");
    assertThat(search(100, 10_000, 1, server).stopped()).isTrue();
    assertThat(rates).containsExactly(100);
  }

  @Test
  void whatIsStoppedEndsWithWhatWasFound() throws Exception {
    MaxRate.Found found =
        search(
            100,
            10_000,
            1,
            (rate, calls) ->
                new Outcome(
                    rate < 400 ? State.PASS : State.INCONCLUSIVE, 9, false, rate >= 400, ""));
    assertThat(found.stopped()).isTrue();
    assertThat(found.good()).isEqualTo(200);
    assertThat(rates).containsExactly(100, 200, 400);
  }
}
