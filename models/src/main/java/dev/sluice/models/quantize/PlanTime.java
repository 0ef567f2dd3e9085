// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/**
 * What extras of a plan cost in each run, as a share of the time that the INT8 products of the
 * group take. The unit of account is one pass over one FP32 value of a token; the rates were
 * measured on one core with AVX512-VNNI, 128 tokens in a run.
 */
final class PlanTime {
  /** Products of a UINT8 and an INT8 in the time of one value. */
  private static final double PRODUCTS = 45;

  /** Products of two floats in the time of one value. */
  private static final double FLOAT_PRODUCTS = 30;

  /** What one more node costs, whatever it does. */
  private static final double NODE = 100;

  private final LayerGroup group;
  private final boolean smoothingIsFree;
  private final double products;

  /**
   * @param smoothingIsFree whether what makes the value can smooth it without a node more
   */
  PlanTime(LayerGroup group, boolean smoothingIsFree) {
    this.group = group;
    this.smoothingIsFree = smoothingIsFree;
    this.products =
        group.layers().stream().mapToDouble(l -> (double) l.rows() * l.columns()).sum() / PRODUCTS;
  }

  double smoothing() {
    return smoothingIsFree ? 0 : (NODE + group.channels()) / products;
  }

  double outliers(int channels) {
    if (channels == 0) {
      return 0;
    }
    double values = 4 * NODE;
    for (LinearLayer layer : group.layers()) {
      values += 2 * NODE + layer.columns() * (1 + channels / FLOAT_PRODUCTS);
    }
    return values / products;
  }
}
