// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * From where to where the values of a tensor go.
 *
 * @param low at most 0
 * @param high at least 0
 */
record ValueRange(double low, double high) {
  /** Of all channels but the outliers, once they are smoothed. */
  static ValueRange of(ActivationStats stats, Smoothing smoothing, Outliers outliers) {
    double low = 0;
    double high = 0;
    for (int j = 0; j < stats.channels(); j++) {
      if (!outliers.has(j)) {
        low = Math.min(low, stats.low(j) / smoothing.of(j));
        high = Math.max(high, stats.high(j) / smoothing.of(j));
      }
    }
    return new ValueRange(low, high);
  }

  ByteScale scale() {
    return ByteScale.of(low, high);
  }
}
