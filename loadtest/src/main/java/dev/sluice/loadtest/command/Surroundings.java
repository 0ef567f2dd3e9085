// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import java.io.InputStream;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a command has around it.
 *
 * @param threadCpu processor time of the thread that asks, in nanoseconds
 * @param env values of environment variables; empty for those that there are not
 * @param version of Sluice
 * @param warmUp whether this process is young, so that its first calls would be slow
 * @param terminal whether somebody sees at once what goes to {@code err}
 */
public record Surroundings(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    LongSupplier nanoTime,
    LongSupplier threadCpu,
    InstantSource clock,
    Function<String, String> env,
    int processors,
    Interrupts interrupts,
    String version,
    boolean warmUp,
    boolean terminal) {}
