// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

/** Another's encoder cannot be measured. The message is for people. */
public final class ContestantException extends Exception {
  private static final long serialVersionUID = 1L;

  public ContestantException(String message) {
    super(message);
  }

  public ContestantException(String message, Throwable cause) {
    super(message, cause);
  }
}
