// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

/** What INT8 has to reach on the embedded model. */
final class Targets {
  static final double COSINE_MEAN = 0.995;

  /** The same text alone and in company, up to rounding. */
  static final double BATCH_COSINE = 1 - 1e-6;

  private static final int SHORT = 16;
  private static final double SHORT_SPEED = 3.0;
  private static final double USUAL_SPEED = 2.6;

  private Targets() {}

  /**
   * How many times as fast as the engine as it comes; attention, in FP32, weighs more on long ones.
   */
  static double speed(int length) {
    return length <= SHORT ? SHORT_SPEED : length <= 128 ? USUAL_SPEED : 0;
  }
}
