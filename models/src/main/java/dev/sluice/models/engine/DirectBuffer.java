// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory that one lane uses again for the same input of every run. It grows by doubling;
 * what is larger than {@link #KEEP_BYTES} is not kept, so that one huge request does not pin its
 * size for ever. Owned by one thread.
 */
final class DirectBuffer {
  static final int KEEP_BYTES = 16 << 20;
  private static final int SMALLEST = 4096;

  private ByteBuffer kept = ByteBuffer.allocateDirect(0);

  /** The same bytes where native code can read them: aligned, little-endian, not on the heap. */
  ByteBuffer reachable(ByteBuffer data, int elementSize) {
    if (data.isDirect() && data.alignmentOffset(0, elementSize) == 0) {
      return data;
    }
    ByteBuffer copy = take(data.remaining());
    copy.put(data).flip();
    return copy;
  }

  private ByteBuffer take(int size) {
    if (size > kept.capacity()) {
      if (size > KEEP_BYTES) {
        return fresh(size);
      }
      kept = fresh(Math.max(SMALLEST, Integer.highestOneBit(size - 1) << 1));
    }
    return kept.duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
  }

  private static ByteBuffer fresh(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
