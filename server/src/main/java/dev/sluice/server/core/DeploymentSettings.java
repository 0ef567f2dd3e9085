// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/**
 * What holds for a model that does not say otherwise.
 *
 * @param maxRowsPerInfer the most rows one infer call may bring, where the model allows as many
 * @param maxBatchRows rows of one batch of an embedding model
 * @param maxBatchTokens padded tokens of one batch of an embedding model
 * @param maxQueueRows rows that may wait, per model version
 * @param maxQueueTokens tokens that may wait
 * @param maxQueueBytes bytes of input that may wait
 */
public record DeploymentSettings(
    int maxRowsPerInfer,
    int maxBatchRows,
    long maxBatchTokens,
    int maxQueueRows,
    long maxQueueTokens,
    long maxQueueBytes) {}
