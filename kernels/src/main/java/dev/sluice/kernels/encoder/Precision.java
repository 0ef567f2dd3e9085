// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.encoder;

/** What the products of an encoder are computed in. All else is in halves and floats. */
public enum Precision {
  /** Halves, summed in floats. */
  FP16,
  /** Signed bytes with exact sums: a scale for each output channel, and for each token. */
  INT8
}
