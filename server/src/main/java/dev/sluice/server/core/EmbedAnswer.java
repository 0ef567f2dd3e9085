// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.nio.ByteBuffer;

/**
 * @param vectors {@code count * dimensions} little-endian float32, row after row
 * @param tokens tokens that the model ran on, without padding
 * @param truncated inputs that were cut
 */
public record EmbedAnswer(
    String model,
    String version,
    String variant,
    int dimensions,
    int count,
    ByteBuffer vectors,
    long tokens,
    int truncated,
    Timings timings) {}
