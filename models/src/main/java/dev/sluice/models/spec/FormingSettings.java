// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How the batches of a model are formed, beyond how many rows and tokens they may have; empty where
 * the server's own setting holds.
 *
 * @param preferredRows sizes that the engine runs best, growing
 * @param keepOrder whether answers leave in the order in which requests came
 * @param maxBatchBytes bytes of input in one batch
 * @param targetWait the wait from which on a queue that stands is an overload
 * @param tenantWeights of tenants that are to have another share than 1; they stand in for all
 *     those of the server
 * @param maxTenantShare the part of the queue that one tenant may fill, above 0 and up to 1
 */
public record FormingSettings(
    List<Integer> preferredRows,
    boolean keepOrder,
    OptionalLong maxBatchBytes,
    Optional<Duration> targetWait,
    Optional<Map<String, Integer>> tenantWeights,
    OptionalDouble maxTenantShare) {

  public static final FormingSettings DEFAULT =
      new FormingSettings(
          List.of(),
          false,
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty());

  /** Each tenant with a weight costs memory in every batcher. */
  public static final int MAX_WEIGHED_TENANTS = 256;

  public static final int MAX_TENANT_WEIGHT = 1000;

  public FormingSettings {
    preferredRows = List.copyOf(preferredRows);
    tenantWeights = tenantWeights.map(Map::copyOf);
  }
}
