// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a batch really holds, as it lies in device memory ({@code BatchShape} in device.cuh).
 * Launches are sized for a bound, kernels look here and leave what is beyond.
 */
public record BatchShape(int tokens, int sequences, int attentionTiles) {
  public static final int BYTES = 3 * Integer.BYTES;

  public ByteBuffer bytes() {
    return ByteBuffer.allocate(BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(tokens)
        .putInt(sequences)
        .putInt(attentionTiles)
        .flip();
  }
}
