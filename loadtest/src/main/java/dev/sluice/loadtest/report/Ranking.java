// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The order in which people read counts: the most frequent first, then by name. */
final class Ranking {
  private static final Comparator<Map.Entry<String, Long>> ORDER =
      Map.Entry.<String, Long>comparingByValue()
          .reversed()
          .thenComparing(Map.Entry.comparingByKey());

  private Ranking() {}

  static List<Map.Entry<String, Long>> of(Map<String, Long> counts) {
    return counts.entrySet().stream().sorted(ORDER).toList();
  }
}
