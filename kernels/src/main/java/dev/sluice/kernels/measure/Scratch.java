// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.gpu.Arena;
import dev.sluice.kernels.gpu.DeviceBuffer;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.gpu.Transfers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * Device memory with drawn content for kernels that are timed: zeros would cost less power than
 * real numbers, and so flatter. For one thread.
 */
final class Scratch implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final RandomGenerator random;
  private final Transfers transfers;
  private final DeviceBuffer buffer;
  private final Arena arena;

  Scratch(Gpu gpu, GpuStream stream, RandomGenerator random, long bytes) {
    this.random = random;
    this.buffer = gpu.memory().take("measurements", bytes);
    this.arena = new Arena(buffer);
    this.transfers = new Transfers(gpu, stream, CHUNK_BYTES);
  }

  /** Content undefined. */
  long space(long bytes) {
    return arena.place("space", bytes);
  }

  long content(ByteBuffer bytes) {
    long address = space(bytes.remaining());
    transfers.upload(bytes, address);
    return address;
  }

  /** Bell-shaped. */
  long halves(long count, double deviation) {
    ByteBuffer chunk = chunk();
    while (chunk.hasRemaining()) {
      chunk.putShort(Float.floatToFloat16((float) (random.nextGaussian() * deviation)));
    }
    return repeated(chunk, count * Short.BYTES);
  }

  /** All magnitudes alike. */
  long bytes(long count) {
    ByteBuffer chunk = chunk();
    while (chunk.hasRemaining()) {
      chunk.put((byte) random.nextInt(-127, 128));
    }
    return repeated(chunk, count);
  }

  /** Positive, for scales, gains and the like. */
  long floats(long count, double most) {
    ByteBuffer chunk = chunk();
    while (chunk.hasRemaining()) {
      chunk.putFloat((float) random.nextDouble(most / 2, most));
    }
    return repeated(chunk, count * Float.BYTES);
  }

  long ints(long count, int bound) {
    ByteBuffer chunk = chunk();
    while (chunk.hasRemaining()) {
      chunk.putInt(random.nextInt(bound));
    }
    return repeated(chunk, count * Integer.BYTES);
  }

  /** All of it can be used again; what was placed is gone. */
  void clear() {
    arena.clear();
  }

  private static ByteBuffer chunk() {
    return ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private long repeated(ByteBuffer chunk, long bytes) {
    long address = space(bytes);
    for (long done = 0; done < bytes; done += CHUNK_BYTES) {
      int count = (int) Math.min(CHUNK_BYTES, bytes - done);
      transfers.upload(chunk.clear().limit(count), address + done);
    }
    return address;
  }

  @Override
  public void close() {
    transfers.close();
    buffer.close();
  }
}
