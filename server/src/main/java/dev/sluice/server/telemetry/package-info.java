// SPDX-License-Identifier: Apache-2.0
/**
 * What the server counts and measures of itself, and the forms in which it shows it.
 *
 * <p>Threads: those that serve requests only add to {@link java.util.concurrent.atomic.LongAdder}s
 * and to HdrHistogram recorders of their own; none of them ever takes a lock once it has measured
 * its first request. Readers (a scrape, the statistics rpc, the interval timer) take the lock of
 * the meter that they read.
 */
@NullMarked
package dev.sluice.server.telemetry;

import org.jspecify.annotations.NullMarked;
