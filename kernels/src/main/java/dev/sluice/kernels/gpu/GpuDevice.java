// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.LaunchFailedException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A card as the kernels' checks want it: each call is done when it returns. One thread at a time.
 */
public final class GpuDevice implements Device, AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;

  private final Gpu gpu;
  private final GpuStream stream;
  private final Transfers transfers;
  private final Map<Long, DeviceBuffer> buffers = new HashMap<>();

  public GpuDevice(Gpu gpu) {
    this.gpu = gpu;
    this.stream = gpu.stream("checks");
    this.transfers = new Transfers(gpu, stream, PIECE_BYTES);
  }

  @Override
  public long allocate(long bytes) {
    DeviceBuffer buffer = gpu.memory().take("a check", bytes);
    buffers.put(buffer.address(), buffer);
    return buffer.address();
  }

  @Override
  public void free(long address) {
    DeviceBuffer buffer = buffers.remove(address);
    if (buffer == null) {
      throw new IllegalArgumentException("no buffer at 0x" + Long.toHexString(address));
    }
    buffer.close();
  }

  @Override
  public void write(long address, ByteBuffer from) {
    transfers.upload(from, address);
    stream.await();
  }

  @Override
  public ByteBuffer read(long address, int bytes) {
    return transfers.download(address, bytes);
  }

  @Override
  public void launch(Launch launch) {
    try {
      stream.launch(launch);
      stream.await();
    } catch (GpuException e) {
      throw new LaunchFailedException(launch.kernel() + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    buffers.values().forEach(DeviceBuffer::close);
    transfers.close();
    stream.close();
  }
}
