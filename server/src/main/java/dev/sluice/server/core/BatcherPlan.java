// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.Item;
import dev.sluice.batching.QueueLimits;
import dev.sluice.batching.TenantShares;
import java.time.Duration;
import java.util.Optional;

/**
 * The batcher that a model gets.
 *
 * @param targetWait the wait from which on a queue that stands is an overload; empty for never
 * @param keepOrder whether answers leave in the order in which calls came
 * @param largest what has to fit into a batch and into the queue; empty where nobody knows
 */
public record BatcherPlan(
    BatchLimits batch,
    QueueLimits queue,
    TenantShares tenants,
    Optional<Duration> targetWait,
    boolean keepOrder,
    Optional<Item<?>> largest) {}
