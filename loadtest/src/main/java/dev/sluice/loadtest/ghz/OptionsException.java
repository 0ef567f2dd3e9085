// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

/** What was asked for cannot be run; the message is one line for the user. */
public final class OptionsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OptionsException(String message) {
    super(message);
  }
}
