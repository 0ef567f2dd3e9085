// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/** A kernel could not be launched, or did not run to its end; the message names it. */
public final class LaunchFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LaunchFailedException(String message) {
    super(message);
  }

  public LaunchFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
