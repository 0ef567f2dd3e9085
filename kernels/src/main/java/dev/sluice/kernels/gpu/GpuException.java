// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** Something that a card was asked for did not happen. */
public abstract sealed class GpuException extends RuntimeException
    permits GpuCallFailedException, GpuMemoryException, GpuOutOfServiceException {
  private static final long serialVersionUID = 1L;

  GpuException(String message) {
    super(message);
  }
}
