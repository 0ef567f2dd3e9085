// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** About how much will be served before a call that joins now. */
record Ahead(double rows, double tokens) {
  static final Ahead NOTHING = new Ahead(0, 0);

  static Ahead partOf(Amount amount, double part) {
    return new Ahead(part * amount.rows(), part * amount.tokens());
  }

  Ahead plus(Ahead more) {
    return new Ahead(rows + more.rows, tokens + more.tokens);
  }

  /** This, but no more than so many tokens. */
  Ahead atMost(double mostTokens) {
    return tokens <= mostTokens ? this : new Ahead(rows * mostTokens / tokens, mostTokens);
  }
}
