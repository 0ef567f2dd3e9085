// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.random.RandomGenerator;

/** How long requests are. */
@FunctionalInterface
interface Lengths {
  /** The longest that any of the mixes here gives. */
  int LONGEST = 512;

  /** Search queries: 8 to 32 tokens. */
  Lengths SHORT = uniform(8, 32);

  /** Seven queries to three passages of 128 to 512 tokens, as a RAG service sends them. */
  Lengths MIXED = eitherOf(0.7, SHORT, uniform(128, LONGEST));

  /** Documents as they come: half are below 40 tokens, one in a hundred is at the limit. */
  Lengths LONG_TAILED = logNormal(40, 1.1);

  int draw(RandomGenerator random);

  static Lengths uniform(int least, int most) {
    return random -> random.nextInt(least, most + 1);
  }

  static Lengths eitherOf(double part, Lengths one, Lengths other) {
    return random -> (Draws.chance(random, part) ? one : other).draw(random);
  }

  /** Half are shorter than the median; what would exceed {@link #LONGEST} is cut to it. */
  static Lengths logNormal(double median, double deviation) {
    return random -> {
      double tokens = median * StrictMath.exp(deviation * Draws.gaussian(random));
      return Math.clamp(Math.round(tokens), 1, LONGEST);
    };
  }
}
