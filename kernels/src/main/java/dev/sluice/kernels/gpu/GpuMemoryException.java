// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** Less device memory is free than was asked for. Nothing was taken. */
public final class GpuMemoryException extends GpuException {
  private static final long serialVersionUID = 1L;

  private final long needed;
  private final long free;

  GpuMemoryException(String purpose, long needed, long free, String ofWhat) {
    super(
        "%s: %s of device memory needed, %s of %s free"
            .formatted(purpose, Bytes.text(needed), Bytes.text(free), ofWhat));
    this.needed = needed;
    this.free = free;
  }

  public long needed() {
    return needed;
  }

  public long free() {
    return free;
  }
}
