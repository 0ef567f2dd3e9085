// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.FormingSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What {@code model.yaml} says of how batches are formed; empty where it says nothing. */
record FormingOverrides(
    Optional<List<Integer>> preferredRows,
    Optional<Boolean> keepOrder,
    OptionalLong maxBatchBytes,
    Optional<Duration> targetWait,
    OptionalDouble maxTenantShare) {
  static final List<String> KEYS =
      List.of(
          "preferred_batch_rows",
          "preserve_order",
          "max_batch_bytes",
          "target_wait_ms",
          "max_tenant_share");

  private static final int MAX_PREFERRED = 64;

  static FormingOverrides of(YamlMap yaml, long maxMillis) throws RefusedException {
    OptionalLong wait = yaml.whole("target_wait_ms", 1, maxMillis);
    return new FormingOverrides(
        preferred(yaml),
        yaml.bool("preserve_order"),
        yaml.whole("max_batch_bytes", 1, 1L << 40),
        wait.isPresent() ? Optional.of(Duration.ofMillis(wait.getAsLong())) : Optional.empty(),
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

  /** The settings with every one replaced that is set here. */
  FormingSettings over(FormingSettings base) {
    return new FormingSettings(
        preferredRows.orElse(base.preferredRows()),
        keepOrder.orElse(base.keepOrder()),
        maxBatchBytes.isPresent() ? maxBatchBytes : base.maxBatchBytes(),
        targetWait.isPresent() ? targetWait : base.targetWait(),
        maxTenantShare.isPresent() ? maxTenantShare : base.maxTenantShare());
  }
}
