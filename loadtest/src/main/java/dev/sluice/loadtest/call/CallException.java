// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.call;

/** Data or metadata cannot be sent; the message is one line that says what does not fit. */
public final class CallException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CallException(String message) {
    super(message);
  }
}
