// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.util.Locale;

/** What Sluice's own engine for cards computes the products of an encoder in. */
public enum CardPrecision {
  /** As such models are served on cards. */
  FP16,
  /** A variant of it: nothing else runs this one. */
  INT8;

  /** As requests spell variants, and the engine its options. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
