// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

/** A folder cannot be served. The message says why and what would work, for the operator. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message, null, false, false);
  }
}
