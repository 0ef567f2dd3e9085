// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a batch of mixed lengths would take if each token cost what it costs among sequences of its
 * own length. That cost was measured at some lengths; in between it lies on the line from one to
 * the next, as attention's part grows with the length.
 */
final class UnpaddedIdeal {
  private final TreeMap<Integer, Double> millisPerToken = new TreeMap<>();

  void add(int length, double perToken) {
    millisPerToken.put(length, perToken);
  }

  double millis(int[] lengths) {
    double millis = 0;
    for (int length : lengths) {
      millis += length * perToken(length);
    }
    return millis;
  }

  /** Beyond the ends as at the ends. */
  private double perToken(int length) {
    Map.Entry<Integer, Double> below = millisPerToken.floorEntry(length);
    Map.Entry<Integer, Double> above = millisPerToken.ceilingEntry(length);
    if (below == null || above == null) {
      return (below == null ? millisPerToken.firstEntry() : millisPerToken.lastEntry()).getValue();
    }
    if (below.getKey().equals(above.getKey())) {
      return below.getValue();
    }
    double way = (double) (length - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + way * (above.getValue() - below.getValue());
  }
}
