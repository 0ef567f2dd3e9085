// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.load;

/** A load did not come to its end; the message is one line for the user. */
public final class LoadException extends Exception {
  private static final long serialVersionUID = 1L;

  public LoadException(String message) {
    super(message);
  }
}
