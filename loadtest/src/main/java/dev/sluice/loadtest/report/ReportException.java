// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

/** A file or a demand that cannot be used; the message is one line that says which and why. */
public final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ReportException(String message) {
    super(message);
  }

  public ReportException(String message, Throwable cause) {
    super(message, cause);
  }
}
