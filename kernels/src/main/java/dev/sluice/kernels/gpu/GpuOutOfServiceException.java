// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/**
 * The card can no longer be used by this process, for good. The message says which failure took it
 * out of service, also where it comes from a call long after.
 */
public final class GpuOutOfServiceException extends GpuException {
  private static final long serialVersionUID = 1L;

  GpuOutOfServiceException(String cause) {
    super("the card is out of service until this process is started again: " + cause);
  }
}
