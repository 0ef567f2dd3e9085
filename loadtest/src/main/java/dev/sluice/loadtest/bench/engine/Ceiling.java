// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

/**
 * How fast the embedded model could run on this machine if nothing but its matrix products took
 * time, and these ran at the machine's peak.
 *
 * @param fp32 operations per second in FP32
 * @param int8 operations per second in INT8
 */
record Ceiling(double fp32, double int8) {
  private static final double LAYERS = 6;
  private static final double WIDTH = 384;
  private static final double INNER = 1536;

  /** Products with weights: query, key, value and output, and two of the inner width. */
  private static final double WEIGHT_OPS = 2 * LAYERS * (4 * WIDTH * WIDTH + 2 * WIDTH * INNER);

  /** Tokens per second; attention, which multiplies no weights, stays in FP32. */
  double tokensPerSecond(boolean quantized, int length) {
    double attentionOps = 4 * LAYERS * WIDTH * length;
    return 1 / (WEIGHT_OPS / (quantized ? int8 : fp32) + attentionOps / fp32);
  }
}
