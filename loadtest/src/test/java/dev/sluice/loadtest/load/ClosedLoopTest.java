// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Callers that are answered by the test, and a clock that it moves. */
final class ClosedLoopTest {
  private final Deque<Caller.Ended> open = new ArrayDeque<>();
  private long now;

  private ClosedLoop loop(int callers) {
    Caller caller =
        new Caller() {
          @Override
          public void call(Ended ended) {
            open.add(ended);
          }

          @Override
          public void close() {}
        };
    return new ClosedLoop(Collections.nCopies(callers, caller), () -> now);
  }

  private void answer(long after) {
    now += after;
    open.remove().good();
  }

  @Test
  void eachCallerHasOneRequestOpenAndSendsTheNextWhenItIsAnswered() {
    ClosedLoop loop = loop(3);
    loop.start();
    assertThat(open).hasSize(3);

    answer(10);
    answer(10);

    assertThat(open).hasSize(3);
    assertThat(loop.completed()).isEqualTo(2);
  }

  @Test
  void onlyWhatIsAnsweredWhileItRecordsIsInTheHistogram() throws Exception {
    ClosedLoop loop = loop(1);
    loop.start();
    answer(1_000_000);
    loop.record();
    answer(500);
    answer(700);

    loop.stop();
    answer(2_000_000);

    Histogram nanos = loop.awaitAnswers();
    assertThat(nanos.getTotalCount()).isEqualTo(2);
    assertThat(nanos.getMinValue()).isEqualTo(500);
    assertThat(nanos.getMaxValue()).isEqualTo(700);
    assertThat(loop.completed()).isEqualTo(4);
    assertThat(open).isEmpty();
  }

  @Test
  void aFailedRequestIsTheReasonThatTheLoadEndsWith() {
    ClosedLoop loop = loop(2);
    loop.start();
    open.remove().bad("no such model");
    open.remove().bad("something later");

    assertThatThrownBy(loop::awaitAnswers)
        .isInstanceOf(LoadException.class)
        .hasMessage("a request failed: no such model");
    assertThat(open).isEmpty();
  }
}
