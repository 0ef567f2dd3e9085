// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Host memory that the card copies from and to while the host does something else. What lies in it
 * must stay until the copy is done. After closing, no view of {@link #bytes} may be touched.
 */
public final class PinnedBuffer extends Owned {
  private final DriverCalls calls;
  private final String purpose;
  private final Pointer pointer = new Pointer();
  private final ByteBuffer bytes;

  PinnedBuffer(DriverCalls calls, Ledger ledger, String purpose, int size) {
    super(ledger);
    this.calls = calls;
    this.purpose = purpose;
    calls.run(
        () -> "%s: %s of pinned memory".formatted(purpose, Bytes.text(size)),
        () -> JCudaDriver.cuMemHostAlloc(pointer, size, JCudaDriver.CU_MEMHOSTALLOC_PORTABLE));
    bytes = pointer.getByteBuffer(0, size);
    register();
  }

  /** All of it, little-endian, with a position of its own. */
  public ByteBuffer bytes() {
    requireOpen();
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Of {@code count} bytes from {@code offset}. */
  Pointer pointer(int offset, int count) {
    requireOpen();
    if (offset < 0 || count < 0 || count > bytes.capacity() - offset) {
      throw new IllegalArgumentException(
          "%d bytes at %d of %s, which has %d".formatted(count, offset, this, bytes.capacity()));
    }
    return pointer.withByteOffset(offset);
  }

  @Override
  void release() {
    calls.release("freeing " + this, () -> JCudaDriver.cuMemFreeHost(pointer));
  }

  @Override
  public String toString() {
    return "the pinned memory of " + purpose;
  }
}
