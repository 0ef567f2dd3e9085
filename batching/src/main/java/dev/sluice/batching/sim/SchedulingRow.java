// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

/**
 * One line of a {@link SchedulingReport}.
 *
 * @param load percent of capacity; 0 for a trace, which has a rate of its own
 */
record SchedulingRow(String server, String mix, int load, Policy policy, Outcome outcome) {}
