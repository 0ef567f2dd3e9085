// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

/** A run could not begin or go on; the message is one line that says where and why. */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RunException(String message) {
    super(message);
  }
}
