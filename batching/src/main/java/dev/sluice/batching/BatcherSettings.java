// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** What a batcher is told to do; see {@link DynamicBatcher.Builder}. */
record BatcherSettings(
    BatchLimits batch,
    QueueLimits queue,
    TenantShares tenants,
    Selection selection,
    long ageingNanos,
    long targetWaitNanos,
    boolean keepsOrder,
    boolean formsEarly) {}
