// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/** How fixed scales follow from the values that calibration meets. */
public enum RangeMethod {
  /** From the least to the largest. Right where the largest values matter, as in transformers. */
  MIN_MAX,
  /** Without the one value in ten thousand that lies furthest out. */
  PERCENTILE,
  /** From where the distribution in bytes says most about the true one (Kullback-Leibler). */
  ENTROPY
}
