// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

/** Where a request spent its time, in nanoseconds, and the rows of the largest batch it shared. */
public record Timings(
    long decodeNanos,
    long encodeNanos,
    long queueNanos,
    long computeNanos,
    long totalNanos,
    int batchRows) {}
