// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Floats as they go over the wire. */
final class Floats {
  private Floats() {}

  /**
   * Rows of one length.
   *
   * @param bytes little endian
   */
  static List<float[]> rows(ByteString bytes, long count) throws IOException {
    FloatBuffer all = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] floats = new float[all.remaining()];
    all.get(floats);
    return rows(floats, count);
  }

  static List<float[]> rows(float[] all, long count) throws IOException {
    if (count < 1 || count > all.length || all.length % count != 0) {
      throw new IOException(all.length + " numbers are no " + count + " rows");
    }
    int width = (int) (all.length / count);
    List<float[]> rows = new ArrayList<>();
    for (int from = 0; from < all.length; from += width) {
      rows.add(Arrays.copyOfRange(all, from, from + width));
    }
    return rows;
  }
}
