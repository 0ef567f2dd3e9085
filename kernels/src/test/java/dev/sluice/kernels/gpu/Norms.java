// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.launch.BatchShape;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Norm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A LayerNorm whose gain is 0, so that each row of the result is the shift, if only all that the
 * kernel needs is in its place; what lies there before the upload is NaN.
 */
final class Norms implements AutoCloseable {
  static final int ROWS = 40;
  private static final int HIDDEN = 64;
  private static final int ROW_BYTES = HIDDEN * Short.BYTES;
  private static final short UNTOUCHED = (short) 0xffff;
  private static final int PIECE_BYTES = 1000;

  private final Transfers transfers;
  private final DeviceBuffer buffer;
  private final long shape;
  private final long x;
  private final long gain;
  private final long shift;
  private final long out;

  Norms(Gpu gpu, GpuStream stream) {
    this.transfers = new Transfers(gpu, stream, PIECE_BYTES);
    this.buffer = gpu.memory().take("norms", 64 << 10);
    Arena arena = new Arena(buffer);
    shape = arena.place("shape", BatchShape.BYTES);
    x = arena.place("x", ROWS * ROW_BYTES);
    gain = arena.place("gain", HIDDEN * Float.BYTES);
    shift = arena.place("shift", HIDDEN * Float.BYTES);
    out = arena.place("out", ROWS * ROW_BYTES);
    transfers.upload(ByteBuffer.allocate(ROWS * ROW_BYTES), x);
    transfers.upload(ByteBuffer.allocate(HIDDEN * Float.BYTES), gain);
    ByteBuffer shifts = ByteBuffer.allocate(HIDDEN * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < HIDDEN; i++) {
      shifts.putFloat(i);
    }
    transfers.upload(shifts.flip(), shift);
  }

  long out() {
    return out;
  }

  int outBytes() {
    return ROWS * ROW_BYTES;
  }

  /** What the next launches find: so many rows, and a result that nobody has written. */
  void begin(int rows) {
    ByteBuffer untouched = ByteBuffer.allocate(ROWS * ROW_BYTES);
    while (untouched.hasRemaining()) {
      untouched.putShort(UNTOUCHED);
    }
    transfers.upload(untouched.flip(), out);
    transfers.upload(new BatchShape(rows, 1, 0).bytes(), shape);
  }

  Launch launch(int rowBound) {
    return new Norm(shape, x, 0, 0, gain, shift, 1e-6f, HIDDEN, out, 0, 0, 0).launch(rowBound);
  }

  /** Waits; how many rows were written, one behind the other from the first on. */
  int written() {
    return written(transfers.download(out, ROWS * ROW_BYTES));
  }

  static int written(ByteBuffer result) {
    int rows = 0;
    while (rows < ROWS && result.getShort(rows * ROW_BYTES) != UNTOUCHED) {
      rows++;
    }
    for (int i = 0; i < ROWS * HIDDEN; i++) {
      short expected = i < rows * HIDDEN ? Float.floatToFloat16(i % HIDDEN) : UNTOUCHED;
      assertThat(result.getShort(i * Short.BYTES))
          .as("%d rows written; row %d, column %d", rows, i / HIDDEN, i % HIDDEN)
          .isEqualTo(expected);
    }
    return rows;
  }

  @Override
  public void close() {
    transfers.close();
    buffer.close();
  }
}
