// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

/** Is told of the steps of long work. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (step, share) -> {};

  /**
   * @param step for people, for example {@code calibrating}
   * @param share of the whole work that is done, 0 to 1; never falls
   */
  void at(String step, double share);

  /** For work that is the part of this one between two shares of it. */
  default Progress part(double from, double to) {
    return (step, share) -> at(step, from + (to - from) * share);
  }
}
