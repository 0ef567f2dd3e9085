// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import java.nio.ByteBuffer;

/**
 * Where launches run: a card, or what stands in for one. One thread at a time; everything is done
 * when a call returns.
 */
public interface Device {
  /** Aligned to 16 bytes at least; content undefined. */
  long allocate(long bytes);

  void free(long address);

  /** Copies the remaining bytes of {@code from} to the device. */
  void write(long address, ByteBuffer from);

  /** A little-endian copy, position 0. */
  ByteBuffer read(long address, int bytes);

  /** Throws {@link LaunchFailedException} if the kernel did not run to its end. */
  void launch(Launch launch);
}
