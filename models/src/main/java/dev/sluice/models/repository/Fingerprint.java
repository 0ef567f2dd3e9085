// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.Objects;

/**
 * Stands for the state of a model's files: equal for equal states.
 *
 * @param value 64 hexadecimal digits
 */
public record Fingerprint(String value) {
  public Fingerprint {
    Objects.requireNonNull(value, "value");
  }
}
