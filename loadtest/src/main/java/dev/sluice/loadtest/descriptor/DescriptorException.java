// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.descriptor;

/** A method could not be described; the message is one line that says where and what is missing. */
public final class DescriptorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DescriptorException(String message) {
    super(message);
  }
}
