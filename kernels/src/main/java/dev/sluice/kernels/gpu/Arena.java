// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/**
 * Cuts a buffer into pieces, one behind the other; all go at once. For one thread at a time.
 *
 * <p>Who needs one first adds up {@link #sizeOf} its pieces, so that it fits or is refused before
 * anything is uploaded.
 */
public final class Arena {
  /** What the driver promises of a buffer; more than any access of a kernel needs. */
  private static final long ALIGNMENT = 256;

  private final DeviceBuffer buffer;
  private long used;

  public Arena(DeviceBuffer buffer) {
    this.buffer = buffer;
  }

  /** What a piece of so many bytes takes. */
  public static long sizeOf(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /**
   * @return the address of that many bytes, content undefined
   */
  public long place(String what, long bytes) {
    if (bytes < 0 || bytes > buffer.bytes() - used) {
      throw new IllegalArgumentException(
          "%s: %d bytes do not fit, %d are left of %s"
              .formatted(what, bytes, buffer.bytes() - used, buffer));
    }
    long address = buffer.address() + used;
    used = Math.min(used + sizeOf(bytes), buffer.bytes());
    return address;
  }

  /** From the start again; what was placed is overwritten by what comes. */
  public void clear() {
    used = 0;
  }
}
