// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What holds for a model that does not say otherwise.
 *
 * @param maxRowsPerInfer the most rows one infer call may bring, where the model allows as many
 * @param maxBatchRows rows of one batch of an embedding model
 * @param maxBatchTokens padded tokens of one batch of an embedding model
 * @param maxQueueRows rows that may wait, per model version
 * @param maxQueueTokens tokens that may wait
 * @param maxQueueBytes bytes of input that may wait
 * @param targetWait of the model of that name the wait from which on a queue that stands is an
 *     overload; empty for never
 * @param tenantWeights of tenants that are to have another share than 1
 * @param maxTenantShare the part of a queue that one tenant may fill
 */
public record DeploymentSettings(
    int maxRowsPerInfer,
    int maxBatchRows,
    long maxBatchTokens,
    int maxQueueRows,
    long maxQueueTokens,
    long maxQueueBytes,
    Function<String, Optional<Duration>> targetWait,
    Map<String, Integer> tenantWeights,
    double maxTenantShare) {
  public DeploymentSettings {
    tenantWeights = Map.copyOf(tenantWeights);
  }
}
