// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.FormingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What {@code model.yaml} says of how batches are formed; empty where it says nothing. */
record FormingOverrides(
    Optional<List<Integer>> preferredRows,
    Optional<Boolean> keepOrder,
    OptionalLong maxBatchBytes,
    Optional<Duration> targetWait,
    Optional<Map<String, Integer>> tenantWeights,
    OptionalDouble maxTenantShare) {
  static final List<String> KEYS =
      List.of(
          "preferred_batch_rows",
          "preserve_order",
          "max_batch_bytes",
          "target_wait_ms",
          "tenant_weights",
          "max_tenant_share");

  private static final int MAX_PREFERRED = 64;

  /** As requests may name them. */
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  static FormingOverrides of(YamlMap yaml, long maxMillis) throws RefusedException {
    OptionalLong wait = yaml.whole("target_wait_ms", 1, maxMillis);
    return new FormingOverrides(
        preferred(yaml),
        yaml.bool("preserve_order"),
        yaml.whole("max_batch_bytes", 1, 1L << 40),
        wait.isPresent() ? Optional.of(Duration.ofMillis(wait.getAsLong())) : Optional.empty(),
        tenantWeights(yaml),
        yaml.share("max_tenant_share"));
  }

  private static Optional<List<Integer>> preferred(YamlMap yaml) throws RefusedException {
    if (!yaml.has("preferred_batch_rows")) {
      return Optional.empty();
    }
    List<Integer> sizes = new ArrayList<>();
    long before = 0;
    for (long size : yaml.wholes("preferred_batch_rows")) {
      if (size <= before || size > Integer.MAX_VALUE || sizes.size() == MAX_PREFERRED) {
        throw yaml.wrong("preferred_batch_rows", "a growing list of sizes, such as [4, 8, 16]");
      }
      sizes.add((int) size);
      before = size;
    }
    return Optional.of(List.copyOf(sizes));
  }

  private static Optional<Map<String, Integer>> tenantWeights(YamlMap yaml)
      throws RefusedException {
    Optional<Map<?, ?>> given = yaml.anyKeys("tenant_weights");
    if (given.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Integer> weights = new HashMap<>();
    for (Map.Entry<?, ?> entry : given.get().entrySet()) {
      boolean good =
          entry.getKey() instanceof String tenant
              && TENANT.matcher(tenant).matches()
              && entry.getValue() instanceof Integer weight
              && weight >= 1
              && weight <= FormingSettings.MAX_TENANT_WEIGHT;
      if (!good || weights.size() == FormingSettings.MAX_WEIGHED_TENANTS) {
        throw yaml.wrong(
            "tenant_weights",
            "at most %d tenants with weights from 1 to %d, such as {gold: 4, \"17\": 2}"
                .formatted(FormingSettings.MAX_WEIGHED_TENANTS, FormingSettings.MAX_TENANT_WEIGHT));
      }
      weights.put((String) entry.getKey(), (Integer) entry.getValue());
    }
    return Optional.of(weights);
  }

  /** The settings with every one replaced that is set here. */
  FormingSettings over(FormingSettings base) {
    return new FormingSettings(
        preferredRows.orElse(base.preferredRows()),
        keepOrder.orElse(base.keepOrder()),
        maxBatchBytes.isPresent() ? maxBatchBytes : base.maxBatchBytes(),
        targetWait.isPresent() ? targetWait : base.targetWait(),
        tenantWeights.isPresent() ? tenantWeights : base.tenantWeights(),
        maxTenantShare.isPresent() ? maxTenantShare : base.maxTenantShare());
  }
}
