// SPDX-License-Identifier: Apache-2.0
/**
 * A simulator: batching in virtual time, reproducible from a seed.
 *
 * <p>The batcher of {@code dev.sluice.batching} itself, and the policies of other servers written
 * from their descriptions, run the same arrivals on the same lanes. {@link
 * dev.sluice.batching.sim.SchedulingComparison} puts them side by side. Nothing here reads a clock
 * or starts a thread.
 */
@NullMarked
package dev.sluice.batching.sim;

import org.jspecify.annotations.NullMarked;
