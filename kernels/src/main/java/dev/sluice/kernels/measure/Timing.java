// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.Arrays;

/**
 * What a piece of work takes.
 *
 * @param millis the median of all rounds
 * @param least the fastest round
 * @param most the slowest
 */
public record Timing(double millis, double least, double most) {

  /**
   * @param rounds at least one; the median of an even number is the upper of the two
   */
  static Timing of(double[] rounds) {
    double[] sorted = rounds.clone();
    Arrays.sort(sorted);
    return new Timing(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
