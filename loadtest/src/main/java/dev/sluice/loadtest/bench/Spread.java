// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import java.util.List;

/** The median of some rounds, and the least and the most of them. */
public record Spread(double median, double least, double most) {

  /**
   * @param values at least one
   */
  public static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }
}
