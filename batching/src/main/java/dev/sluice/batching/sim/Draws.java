// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.random.RandomGenerator;

/** Draws that come out the same on every machine: {@link Math} may differ in the last bit. */
final class Draws {
  private Draws() {}

  static double exponential(RandomGenerator random, double mean) {
    return -mean * StrictMath.log(1 - random.nextDouble());
  }

  /** Of mean 0 and deviation 1, by the method of Box and Muller. */
  static double gaussian(RandomGenerator random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  static boolean chance(RandomGenerator random, double probability) {
    return random.nextDouble() < probability;
  }
}
