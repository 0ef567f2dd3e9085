// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.engine.Packed;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class BatcherPlansTest {
  private static final int SERVER_TOKENS = FakeModels.MAX_TOKENS - 1;
  private static final BatcherPlans PLANS =
      new BatcherPlans(
          new DeploymentSettings(
              64,
              32,
              SERVER_TOKENS,
              100,
              1000,
              10_000,
              model -> Optional.of(Duration.ofMillis(model.equals("m") ? 50 : 1)),
              Map.of("gold", 4),
              0.5));

  private static BatcherPlan embedding(OptionalLong tokens, FormingSettings forming) {
    ModelSettings settings =
        new ModelSettings(
            DeviceChoice.AUTO,
            OptionalInt.empty(),
            OptionalInt.empty(),
            tokens,
            Duration.ofMillis(3),
            OptionalInt.empty(),
            Duration.ZERO,
            forming);
    ModelSpec spec = FakeModels.textSpec("m", 1, true).withSettings(settings);
    return PLANS.embedding(new FakeModels.Embedder(spec));
  }

  /** What the longest text needs is said to the batcher, which refuses what cannot hold it. */
  @Test
  void theServersBoundOnTokensGivesWayToALongTextAndTheModelsOwnDoesNot() {
    BatcherPlan usual = embedding(OptionalLong.empty(), FormingSettings.DEFAULT);
    BatcherPlan own = embedding(OptionalLong.of(5), FormingSettings.DEFAULT);
    assertThat(usual.batch().maxTokens()).isEqualTo(FakeModels.MAX_TOKENS);
    assertThat(own.batch().maxTokens()).isEqualTo(5);
    assertThat(own.largest().orElseThrow().tokens()).isEqualTo(FakeModels.MAX_TOKENS);
  }

  @Test
  void whatTheModelLeavesOutIsTheServers() {
    BatcherPlan plan = embedding(OptionalLong.empty(), FormingSettings.DEFAULT);
    assertThat(plan.targetWait()).hasValue(Duration.ofMillis(50));
    assertThat(plan.tenants().weights()).containsEntry("gold", 4);
    assertThat(plan.tenants().maxShareOfQueue()).isEqualTo(0.5);
    assertThat(plan.queue().maxRows()).isEqualTo(100);
    assertThat(plan.keepOrder()).isFalse();
  }

  @Test
  void whatTheModelSaysGoesFirst() {
    BatcherPlan plan =
        embedding(
            OptionalLong.empty(),
            new FormingSettings(
                List.of(4, 8),
                true,
                OptionalLong.of(77),
                Optional.of(Duration.ofMillis(9)),
                Optional.of(Map.of("free", 2)),
                OptionalDouble.of(0.25)));
    assertThat(plan.batch().preferredRows()).containsExactly(4, 8);
    assertThat(plan.batch().maxBytes()).isEqualTo(77);
    assertThat(plan.batch().linger()).isEqualTo(Duration.ofMillis(3));
    assertThat(plan.keepOrder()).isTrue();
    assertThat(plan.targetWait()).hasValue(Duration.ofMillis(9));
    assertThat(plan.tenants().weights()).isEqualTo(Map.of("free", 2));
    assertThat(plan.tenants().maxShareOfQueue()).isEqualTo(0.25);
  }

  private static FakeModels.Embedder packing(int tokens, int rows) {
    Packed packed = new Packed("fp16", tokens, rows, 2);
    return new FakeModels.Embedder(FakeModels.textSpec("m", 1, true), Optional.of(packed));
  }

  /** Beyond its own bounds, what packs would refuse; below them, the server's bounds hold. */
  @Test
  void aModelThatPacksIsGivenNoMoreThanItHasMemoryFor() {
    BatcherPlan small = PLANS.embedding(packing(7, 3));
    assertThat(small.batch().packs()).isTrue();
    assertThat(small.batch().maxTokens()).isEqualTo(7);
    assertThat(small.batch().maxRows()).isEqualTo(3);
    BatcherPlan large = PLANS.embedding(packing(1 << 20, 1024));
    assertThat(large.batch().maxTokens()).isEqualTo(FakeModels.MAX_TOKENS);
    assertThat(large.batch().maxRows()).isEqualTo(32);
    assertThat(embedding(OptionalLong.empty(), FormingSettings.DEFAULT).batch().packs()).isFalse();
  }
}
