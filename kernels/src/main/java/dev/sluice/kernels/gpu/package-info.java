// SPDX-License-Identifier: Apache-2.0
/**
 * A card in use: memory within a budget, streams, launches, graphs of launches. Needs the NVIDIA
 * driver and nothing else; where there is none, {@link dev.sluice.kernels.gpu.Gpu#open} says so.
 *
 * <p>Calls may come from any thread: each binds the card's context to the thread it comes on. Every
 * object says for itself how many threads may use it at once.
 */
@NullMarked
package dev.sluice.kernels.gpu;

import org.jspecify.annotations.NullMarked;
