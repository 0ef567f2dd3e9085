// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.util.Arrays;
import java.util.Optional;

/** Where the scales of INT8 activations come from. */
public enum QuantScheme {
  /** Measured beforehand on calibration inputs, one for each tensor. */
  STATIC("static"),
  /** Found anew in each run, one for each token. */
  PER_TOKEN("per-token"),
  /**
   * Found anew in each run, one for the whole batch: what is usual, and makes an answer depend on
   * its batch.
   */
  DYNAMIC("dynamic");

  private final String label;

  QuantScheme(String label) {
    this.label = label;
  }

  /** As people write it. */
  public String label() {
    return label;
  }

  /** The scheme that is written so; empty for none. */
  public static Optional<QuantScheme> ofLabel(String label) {
    return Arrays.stream(values()).filter(scheme -> scheme.label.equals(label)).findFirst();
  }
}
