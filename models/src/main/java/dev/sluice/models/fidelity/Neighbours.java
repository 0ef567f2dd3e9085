// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.text.Vectors;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether a search over the variant's answers finds what one over the model's own finds. */
final class Neighbours {
  private static final int NEAREST = 10;

  private Neighbours() {}

  /** The share of shared nearest; 1 where there are too few answers to have neighbours. */
  static double overlap(List<float[]> right, List<float[]> answers) {
    int nearest = Math.min(NEAREST, right.size() - 1);
    if (nearest < 1) {
      return 1;
    }
    long shared = 0;
    for (int i = 0; i < right.size(); i++) {
      Set<Integer> both = new HashSet<>(nearest(right, i, nearest));
      both.retainAll(nearest(answers, i, nearest));
      shared += both.size();
    }
    return shared / ((double) nearest * right.size());
  }

  private static Set<Integer> nearest(List<float[]> all, int to, int count) {
    double[] cosines =
        all.stream().mapToDouble(other -> Vectors.cosine(all.get(to), other)).toArray();
    return IntStream.range(0, all.size())
        .filter(i -> i != to)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -cosines[i]))
        .limit(count)
        .collect(Collectors.toSet());
  }
}
