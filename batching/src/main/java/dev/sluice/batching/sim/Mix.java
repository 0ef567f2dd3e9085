// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

/** The mixes of lengths that policies are compared on. */
enum Mix {
  SHORT("short", Lengths.SHORT),
  MIXED("mixed", Lengths.MIXED),
  LONG_TAILED("long-tailed", Lengths.LONG_TAILED);

  private final String title;
  private final Lengths lengths;

  Mix(String title, Lengths lengths) {
    this.title = title;
    this.lengths = lengths;
  }

  String title() {
    return title;
  }

  Lengths lengths() {
    return lengths;
  }
}
