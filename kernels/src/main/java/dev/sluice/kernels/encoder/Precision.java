// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/** What the products of an encoder are computed in. All else is in halves and floats. */
public enum Precision {
  /** Halves, summed in floats. */
  FP16,
  /**
   * Signed bytes with exact sums: a scale for each output channel, and for each token. Queries,
   * keys and values stay products of halves: what LayerNorms give has channels far beyond all
   * others, which leave few steps to the rest, and attention is where that costs the most.
   */
  INT8;

  /** Of the product that makes queries, keys and values. */
  Precision ofQueries() {
    return FP16;
  }
}
