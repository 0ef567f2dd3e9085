// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

/** Another's encoder cannot be measured. The message is for people. */
public final class RivalException extends Exception {
  private static final long serialVersionUID = 1L;

  public RivalException(String message) {
    super(message);
  }

  public RivalException(String message, Throwable cause) {
    super(message, cause);
  }
}
