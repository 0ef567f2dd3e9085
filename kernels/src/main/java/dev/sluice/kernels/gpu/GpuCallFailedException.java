// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** One launch, copy or other call failed; the message says which and how. Others may go on. */
public final class GpuCallFailedException extends GpuException {
  private static final long serialVersionUID = 1L;

  private final transient CudaError error;

  GpuCallFailedException(String what, CudaError error) {
    super(what + ": " + error);
    this.error = error;
  }

  CudaError error() {
    return error;
  }
}
