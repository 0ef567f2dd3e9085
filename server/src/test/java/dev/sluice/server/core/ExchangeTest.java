// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
  private static final Timings TIMINGS = new Timings(9, 1, 2, 3, 16, 4);

  private final Deployment deployment = FakeModels.embedding("m", 1);
  private final Answers<String> answers = new Answers<>();
  private final Exchange<String> exchange = exchange();

  private Exchange<String> exchange() {
    deployment.lease().acquire();
    CallContext context = new CallContext(20, Call.NO_DEADLINE, Criticality.CRITICAL, "");
    return new Exchange<>(deployment, answers, new Moment(50), context);
  }

  @Test
  void anAnswerGivesTheLeaseBackAndIsCounted() {
    exchange.ok("yes", TIMINGS, 1);
    assertThat(answers.ok()).isEqualTo("yes");
    assertThat(FakeModels.unused(deployment)).isTrue();
    ModelStatistics seen = deployment.statistics().snapshot("m", "1");
    assertThat(seen.success()).isEqualTo(new ModelStatistics.Sum(1, 16));
    assertThat(seen.fail().count()).isZero();
  }

  @Test
  void timeRunsFromTheArrivalWhateverCameBetween() {
    exchange.validated();
    assertThat(exchange.decodeNanos()).isEqualTo(30);
    exchange.failed(new Problem.Cancelled("gone"));
    assertThat(deployment.statistics().snapshot("m", "1").fail())
        .isEqualTo(new ModelStatistics.Sum(1, 30));
  }

  @Test
  void onlyTheFirstAnswerCounts() {
    deployment.lease().acquire();
    exchange.failed(new Problem.Cancelled("gone"));
    exchange.ok("late", TIMINGS, 1);
    exchange.failed(new Problem.Cancelled("again"));
    assertThat(answers.count()).isEqualTo(1);
    assertThat(FakeModels.unused(deployment)).as("the other lease is still out").isFalse();
    assertThat(deployment.statistics().snapshot("m", "1").fail().count()).isEqualTo(1);
  }

  @Test
  void aCancellationGoesToTheQueueThatTheRequestIsIn() {
    int[] cancels = {0};
    exchange.queued(() -> cancels[0]++);
    exchange.cancel();
    assertThat(cancels[0]).isEqualTo(1);
    assertThat(answers.count()).as("the queue answers").isZero();
  }

  @Test
  void aCancellationBeforeTheQueueIsPassedOnWhenItIsReached() {
    int[] cancels = {0};
    exchange.cancel();
    assertThat(exchange.isCancelled()).isTrue();
    assertThat(FakeModels.unused(deployment)).as("somebody works on it").isFalse();
    exchange.queued(() -> cancels[0]++);
    assertThat(cancels[0]).isEqualTo(1);
  }
}
