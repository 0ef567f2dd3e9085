// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/** What the products of an encoder are computed in. All else is in halves and floats. */
public enum Precision {
  /** Halves, summed in floats. */
  FP16,
  /**
   * Signed bytes with exact sums: a scale for each output channel, and for each token. What
   * LayerNorms give has channels far beyond all others, which would leave few steps to the rest: it
   * is {@link Smoothing smoothed} first. Scores and shares of attention stay in halves.
   */
  INT8
}
