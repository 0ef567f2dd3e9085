// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Self-attention over packed sequences (attention.cu): {@code qkv[T, 3, heads, headSize]} to {@code
 * out[T, heads, headSize]}.
 *
 * @param starts where each sequence begins, and behind the last one where it ends
 * @param tiles the blocks' work, as {@link #tiles} lists it
 */
public record Attention(
    long shape, long starts, long tiles, long qkv, int heads, int headSize, long out) {

  /** Queries of one block. */
  private static final int TILE = 64;

  private static final int THREADS = 4 * Launch.WARP;
  private static final double LOG2_E = 1 / Math.log(2);

  public Launch launch(int tileBound) {
    String name = "sluice_attention_" + headSize;
    Launch.require(
        headSize == 32 || headSize == 64, name, "a head must be of 32 or 64 components", headSize);
    float scale = (float) (LOG2_E / Math.sqrt(headSize));
    return new Launch(
        name,
        tileBound,
        heads,
        THREADS,
        // The queries, and two stages of keys and values.
        5 * TILE * headSize * Short.BYTES,
        new Launch.Arguments()
            .addresses(shape, starts, tiles, qkv)
            .ints(heads)
            .real(scale)
            .addresses(out)
            .list());
  }

  public static int tileCount(int[] lengths) {
    int count = 0;
    for (int length : lengths) {
      count += Launch.blocks(length, TILE);
    }
    return count;
  }

  /** The most tiles that so many tokens in so many sequences can need. */
  public static int tileBound(int tokens, int sequences) {
    return tokens / TILE + sequences;
  }

  /** The list for sequences of these lengths: sequence, first query, and so on. */
  public static ByteBuffer tiles(int[] lengths) {
    ByteBuffer list =
        ByteBuffer.allocate(tileCount(lengths) * 2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int sequence = 0; sequence < lengths.length; sequence++) {
      for (int first = 0; first < lengths[sequence]; first += TILE) {
        list.putInt(sequence).putInt(first);
      }
    }
    return list.flip();
  }

  /** {@code starts} for sequences of these lengths. */
  public static ByteBuffer starts(int[] lengths) {
    ByteBuffer starts =
        ByteBuffer.allocate((lengths.length + 1) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    starts.putInt(at);
    for (int length : lengths) {
      at += length;
      starts.putInt(at);
    }
    return starts.flip();
  }
}
