// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.verdict;

/** How a figure is held against its bound. */
public enum Comparison {
  LESS,
  AT_MOST,
  MORE,
  AT_LEAST,
  EQUAL,
  DIFFERENT;

  static Comparison of(String operator) {
    return switch (operator) {
      case "<" -> LESS;
      case "<=" -> AT_MOST;
      case ">" -> MORE;
      case ">=" -> AT_LEAST;
      case "==", "===" -> EQUAL;
      case "!=" -> DIFFERENT;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  boolean holds(double value, double bound) {
    return switch (this) {
      case LESS -> value < bound;
      case AT_MOST -> value <= bound;
      case MORE -> value > bound;
      case AT_LEAST -> value >= bound;
      case EQUAL -> value == bound;
      case DIFFERENT -> value != bound;
    };
  }

  boolean isUpperBound() {
    return this == LESS || this == AT_MOST;
  }
}
