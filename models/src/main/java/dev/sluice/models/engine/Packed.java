// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

/**
 * A graph that gives one row per sequence, and whose sequences lie one behind the other without
 * padding: a batch costs its tokens, however they are spread over sequences.
 *
 * @param precision of its products, as requests spell variants
 * @param tokens of the largest batch
 * @param rows of the largest batch
 * @param lanes batches that run at the same time, sharing the weights
 */
public record Packed(String precision, int tokens, int rows, int lanes) {}
