// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

/** The mixes of lengths that policies are compared on. */
enum Mix {
  SHORT("short"),
  MIXED("mixed"),
  LONG_TAILED("long-tailed");

  private final String title;

  Mix(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  Lengths lengths() {
    return switch (this) {
      case SHORT -> Lengths.SHORT;
      case MIXED -> Lengths.MIXED;
      case LONG_TAILED -> Lengths.LONG_TAILED;
    };
  }
}
