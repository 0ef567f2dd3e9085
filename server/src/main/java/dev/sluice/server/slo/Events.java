// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.List;

/**
 * The requests of some stretch of time. Immutable.
 *
 * @param durations of the answered ones
 * @param answered how many of them, from a count of its own: a request that ends meanwhile may show
 *     in one and not yet in the other
 * @param failed those that count against availability
 */
record Events(Distribution durations, long answered, long failed) {
  static final Events NONE = new Events(Distribution.EMPTY, 0, 0);

  /**
   * Halves first, so that each duration is copied a few times only, however many parts there are.
   */
  static Events sum(List<Events> parts) {
    int half = parts.size() / 2;
    return switch (parts.size()) {
      case 0 -> NONE;
      case 1 -> parts.get(0);
      default -> sum(parts.subList(0, half)).plus(sum(parts.subList(half, parts.size())));
    };
  }

  /** The same as far as availability goes. */
  Events withoutDurations() {
    return new Events(Distribution.EMPTY, answered, failed);
  }

  Events plus(Events other) {
    return new Events(
        durations.plus(other.durations), answered + other.answered, failed + other.failed);
  }

  boolean isEmpty() {
    return answered == 0 && failed == 0 && durations.count() == 0;
  }
}
