// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

/**
 * A call of one row.
 *
 * @param arrivalNanos since the start
 * @param sloNanos how long after that its answer is still of use
 */
record Request(int number, long arrivalNanos, int tokens, long sloNanos) {}
