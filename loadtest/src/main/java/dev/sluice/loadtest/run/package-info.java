// SPDX-License-Identifier: Apache-2.0
/**
 * One run against a server. {@link dev.sluice.loadtest.run.LoadRun} takes a {@link
 * dev.sluice.loadtest.run.LoadPlan}, which says what is sent and when; a {@link
 * dev.sluice.loadtest.run.Fleet}, the loops and connections that send it; a {@link
 * dev.sluice.loadtest.run.CallSource}, what calls carry; and gives a {@code RunResult}.
 *
 * <p>Each loop has a {@link dev.sluice.loadtest.run.Station} of its own, with a pacer that decides
 * when and a desk that sends, counts and times out; stations share nothing but a few atomic
 * counters. Once a period each hands what it has counted to the {@code Ledger}, on the reporting
 * thread.
 *
 * <p>To extend it: other requests are another {@code CallSource}, which may also take the answers
 * ({@link dev.sluice.loadtest.run.PreparedCall#answeredTo}); other arrivals are another supplier of
 * {@link dev.sluice.loadtest.run.Arrivals}; whoever watches, logs or ends runs early is a {@link
 * dev.sluice.loadtest.run.RunListener}. A search over rates runs one plan after another on one
 * fleet. Clocks and timers come with the fleet, so that a test can let hours pass at once.
 */
@NullMarked
package dev.sluice.loadtest.run;

import org.jspecify.annotations.NullMarked;
