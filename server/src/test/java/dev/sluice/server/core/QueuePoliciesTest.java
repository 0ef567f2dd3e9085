// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.Item;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class QueuePoliciesTest {
  private static final long ARRIVED = 1_000_000;
  private static final long MILLI = 1_000_000;
  private static final long MOST = Duration.ofSeconds(60).toNanos();

  private final Moment clock = new Moment(ARRIVED);

  /**
   * @param timeout that of the default policy, as the reader of the repository would have it
   */
  private Call<String> call(
      String batching, Duration timeout, CallContext.@Nullable Queueing queueing) throws Exception {
    ModelConfig.Builder config = FakeModels.tensorSpec("m", 1).config().toBuilder();
    TextFormat.merge("dynamic_batching { " + batching + " }", config);
    ModelSpec spec =
        FakeModels.tensorSpec("m", 1)
            .withConfig(config.build())
            .withSettings(
                new ModelSettings(
                    DeviceChoice.AUTO,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalLong.empty(),
                    Duration.ZERO,
                    OptionalInt.empty(),
                    timeout));
    Deployment.Tensors model = FakeModels.tensors(spec);
    Limits limits = new Limits(8, 8, Optional.empty(), Duration.ofNanos(MOST));
    long combined =
        queueing == null || queueing.timeoutNanos() == 0
            ? Call.NO_DEADLINE
            : ARRIVED + queueing.timeoutNanos();
    CallContext context =
        new CallContext(
            ARRIVED, combined, Criticality.CRITICAL_PLUS, "payer", RequestTrace.NONE, queueing);
    return model
        .policies()
        .call(
            List.of(new Item<>("", 1, 1, 0, "")),
            context,
            model,
            new Deadlines(clock, limits, limit -> {}));
  }

  private static CallContext.Queueing says(int priority, long timeoutNanos) {
    return new CallContext.Queueing(
        priority, timeoutNanos, Criticality.SHEDDABLE, Call.NO_DEADLINE);
  }

  private static final String LEVELS = "priority_levels: 3 default_priority_level: 2 ";

  @Test
  void withoutLevelsThePriorityIsTheCriticality() throws Exception {
    Call<String> call = call("", Duration.ZERO, says(1, 0));
    assertThat(call.criticality()).isEqualTo(Criticality.CRITICAL_PLUS);
    assertThat(call.level()).isZero();
    assertThat(call.tenant()).isEqualTo("payer");
  }

  @Test
  void withLevelsItIsTheLevelAndTheCriticalityIsThatOfTheRest() throws Exception {
    assertThat(call(LEVELS, Duration.ZERO, says(1, 0)).level()).isZero();
    Call<String> last = call(LEVELS, Duration.ZERO, says(3, 0));
    assertThat(last.level()).isEqualTo(2);
    assertThat(last.criticality()).isEqualTo(Criticality.SHEDDABLE);
  }

  @Test
  void aLevelThatIsNotThereIsTheDefault() throws Exception {
    assertThat(call(LEVELS, Duration.ZERO, null).level()).isEqualTo(1);
    assertThat(call(LEVELS, Duration.ZERO, says(4, 0)).level()).isEqualTo(1);
    assertThat(call(LEVELS, Duration.ZERO, says(Integer.MAX_VALUE, 0)).level()).isEqualTo(1);
  }

  @Test
  void aTimeoutCountsFromArrivalWhateverTheCallerAsks() throws Exception {
    String policy = "default_queue_policy { default_timeout_microseconds: 5000 }";
    clock.now += MILLI;
    for (CallContext.Queueing queueing : new CallContext.Queueing[] {null, says(0, MILLI)}) {
      Call<String> call = call(policy, Duration.ofMillis(5), queueing);
      assertThat(call.deadlineNanos()).isEqualTo(ARRIVED + 5 * MILLI);
      assertThat(call.demoteNanos()).isEqualTo(Call.NO_DEADLINE);
    }
  }

  @Test
  void theCallersTimeoutShortensItWhereThatIsAllowed() throws Exception {
    String policy =
        "default_queue_policy { default_timeout_microseconds: 5000 allow_timeout_override: true }";
    Duration usual = Duration.ofMillis(5);
    assertThat(call(policy, usual, says(0, MILLI)).deadlineNanos()).isEqualTo(ARRIVED + MILLI);
    assertThat(call(policy, usual, says(0, 9 * MILLI)).deadlineNanos())
        .isEqualTo(ARRIVED + 5 * MILLI);
  }

  @Test
  void withoutATimeoutOfTheModelTheCallersIsADeadline() throws Exception {
    assertThat(call("", Duration.ZERO, says(0, 7 * MILLI)).deadlineNanos())
        .isEqualTo(ARRIVED + 7 * MILLI);
  }

  @Test
  void aDelayedRequestGoesBehindTheOthersAndIsNotRefused() throws Exception {
    String policy =
        "default_queue_policy { timeout_action: DELAY default_timeout_microseconds: 5000 }";
    Call<String> call = call(policy, Duration.ofMillis(5), null);
    assertThat(call.demoteNanos()).isEqualTo(ARRIVED + 5 * MILLI);
    assertThat(call.deadlineNanos()).isEqualTo(ARRIVED + MOST);
  }

  @Test
  void aLevelMayHaveAPolicyOfItsOwn() throws Exception {
    String policy =
        LEVELS
            + "priority_queue_policy { key: 3 value { default_timeout_microseconds: 2000"
            + " timeout_action: DELAY } }";
    assertThat(call(policy, Duration.ZERO, says(3, 0)).demoteNanos())
        .isEqualTo(ARRIVED + 2 * MILLI);
    assertThat(call(policy, Duration.ZERO, says(1, 0)).demoteNanos()).isEqualTo(Call.NO_DEADLINE);
  }
}
