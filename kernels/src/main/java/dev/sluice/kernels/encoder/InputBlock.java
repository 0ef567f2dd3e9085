// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

import dev.sluice.kernels.gpu.SizeBucket;
import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.BatchShape;
import java.nio.ByteBuffer;

/**
 * A batch as it lies in memory, here and on the card: one piece, so that it travels by one copy.
 * Where each part begins depends on the bucket alone, as a graph's addresses must.
 *
 * <pre>
 * shape | starts [sequences + 1] | tiles of attention | ids | positions | types [tokens each]
 * </pre>
 */
record InputBlock(SizeBucket bucket) {
  private static final int ALIGNMENT = 16;

  int starts() {
    return aligned(BatchShape.BYTES);
  }

  int tiles() {
    return starts() + aligned((bucket.sequences() + 1) * Integer.BYTES);
  }

  int ids() {
    int most = Attention.tileBound(bucket.tokens(), bucket.sequences());
    return tiles() + aligned(most * 2 * Integer.BYTES);
  }

  int positions() {
    return ids() + aligned(bucket.tokens() * Integer.BYTES);
  }

  int types() {
    return positions() + aligned(bucket.tokens() * Integer.BYTES);
  }

  int bytes() {
    return types() + aligned(bucket.tokens() * Integer.BYTES);
  }

  /** Writes a batch of this bucket; {@code to} is little-endian. */
  void write(PackedBatch batch, ByteBuffer to) {
    int[] lengths = batch.lengths();
    to.put(
        0,
        new BatchShape(batch.tokens(), batch.sequences(), Attention.tileCount(lengths)).bytes(),
        0,
        BatchShape.BYTES);
    put(to, starts(), batch.starts());
    ByteBuffer tiles = Attention.tiles(lengths);
    to.put(tiles(), tiles, 0, tiles.remaining());
    put(to, ids(), batch.ids());
    put(to, positions(), positions(lengths, batch.tokens()));
    put(to, types(), batch.types().length == 0 ? new int[batch.tokens()] : batch.types());
  }

  private static int[] positions(int[] lengths, int tokens) {
    int[] positions = new int[tokens];
    int at = 0;
    for (int length : lengths) {
      for (int i = 0; i < length; i++) {
        positions[at++] = i;
      }
    }
    return positions;
  }

  private static void put(ByteBuffer to, int at, int[] values) {
    to.slice(at, values.length * Integer.BYTES).order(to.order()).asIntBuffer().put(values);
  }

  private static int aligned(int bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }
}
