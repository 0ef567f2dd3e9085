// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.Item;
import dev.sluice.batching.QueueLimits;
import dev.sluice.batching.TenantShares;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.FormingSettings;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import java.util.Optional;

/** Makes the plans for the models' batchers, out of what each model says and what else holds. */
record BatcherPlans(DeploymentSettings defaults) {
  /**
   * The server's bound on tokens gives way to a model of longer texts; the model's own does not.
   *
   * @throws IllegalArgumentException when what the model says contradicts itself
   */
  BatcherPlan embedding(TextEmbedder model) {
    ModelSettings settings = model.spec().settings();
    int longest = model.maxTokens();
    long tokens = settings.maxBatchTokens().orElse(Math.max(defaults.maxBatchTokens(), longest));
    int rows = settings.maxBatchRows().orElse(defaults.maxBatchRows());
    // What runs it has memory for so much; more would be refused there.
    BatchLimits batch =
        model
            .packed()
            .map(
                packed ->
                    limits(
                        Math.min(rows, packed.rows()),
                        Math.min(tokens, packed.tokens()),
                        settings,
                        true))
            .orElseGet(() -> limits(rows, tokens, settings, false));
    Item<?> largest = new Item<>("", 1, longest, (long) longest * Integer.BYTES, "");
    return plan(batch, model.spec(), Optional.of(largest));
  }

  /** Rows of a tensor model have no length, so that a batch has as many tokens as rows. */
  BatcherPlan tensors(ModelSpec spec) {
    int rows = Math.max(1, spec.config().getMaxBatchSize());
    return plan(limits(rows, rows, spec.settings(), false), spec, Optional.empty());
  }

  private static BatchLimits limits(int rows, long tokens, ModelSettings settings, boolean packs) {
    FormingSettings forming = settings.forming();
    return new BatchLimits(
        rows,
        tokens,
        forming.maxBatchBytes().orElse(Long.MAX_VALUE),
        settings.linger(),
        forming.preferredRows(),
        1,
        BatchLimits.DEFAULT_WASTE,
        packs);
  }

  private BatcherPlan plan(BatchLimits batch, ModelSpec spec, Optional<Item<?>> largest) {
    ModelSettings settings = spec.settings();
    FormingSettings forming = settings.forming();
    QueueLimits queue =
        new QueueLimits(
            settings.maxQueueRows().orElse(defaults.maxQueueRows()),
            defaults.maxQueueTokens(),
            defaults.maxQueueBytes());
    TenantShares tenants =
        new TenantShares(
            forming.tenantWeights().orElse(defaults.tenantWeights()),
            forming.maxTenantShare().orElse(defaults.maxTenantShare()));
    return new BatcherPlan(
        batch,
        queue,
        tenants,
        forming.targetWait().or(() -> defaults.targetWait().apply(spec.name())),
        forming.keepOrder(),
        largest);
  }
}
