// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

/**
 * A kernel's result is not what it should be; the message says where, what was, and what should be.
 */
public final class DisagreementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DisagreementException(String message) {
    super(message);
  }
}
