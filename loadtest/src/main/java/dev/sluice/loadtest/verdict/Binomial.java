// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

/** Tails of the binomial distribution, summed from the bound outwards. */
final class Binomial {
  private static final double NEGLIGIBLE = 1e-17;

  private Binomial() {}

  /** The probability of at most {@code hits} in {@code trials}. */
  static double atMost(long hits, long trials, double probability) {
    if (hits >= trials) {
      return 1;
    }
    if (hits > trials * probability) {
      return 1 - atLeast(hits + 1, trials, probability);
    }
    double odds = (1 - probability) / probability;
    double term = Math.exp(logTerm(hits, trials, probability));
    double sum = 0;
    for (long k = hits; k >= 0 && term > sum * NEGLIGIBLE; k--) {
      sum += term;
      term *= odds * k / (trials - k + 1.0);
    }
    return sum;
  }

  /** The probability of at least {@code hits} in {@code trials}. */
  static double atLeast(long hits, long trials, double probability) {
    if (hits <= 0) {
      return 1;
    }
    if (hits > trials) {
      return 0;
    }
    if (hits < trials * probability) {
      return 1 - atMost(hits - 1, trials, probability);
    }
    double odds = probability / (1 - probability);
    double term = Math.exp(logTerm(hits, trials, probability));
    double sum = 0;
    for (long k = hits; k <= trials && term > sum * NEGLIGIBLE; k++) {
      sum += term;
      term *= odds * (trials - k) / (k + 1.0);
    }
    return sum;
  }

  private static double logTerm(long hits, long trials, double probability) {
    return logFactorial(trials)
        - logFactorial(hits)
        - logFactorial(trials - hits)
        + hits * Math.log(probability)
        + (trials - hits) * Math.log1p(-probability);
  }

  /** Stirling's series, exact to double precision from 16 on; below, the product. */
  private static double logFactorial(long n) {
    if (n < 16) {
      double product = 1;
      for (long k = 2; k <= n; k++) {
        product *= k;
      }
      return Math.log(product);
    }
    double x = n;
    double squared = x * x;
    return x * Math.log(x)
        - x
        + 0.5 * Math.log(2 * Math.PI * x)
        + (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / squared) / squared) / squared) / x;
  }
}
