// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the outputs of graphs row by row. Where a row is one number, its cosine would tell
 * nothing but the sign, so all rows together count as one vector. Not safe for threads.
 */
final class RowComparison {
  private record Pair(float right, float answer) {}

  private final Comparison comparison = new Comparison();
  private final Map<Integer, List<Pair>> columns = new TreeMap<>();

  /**
   * The rows of each output, as {@link Answers} cuts them; false when they are not even of the same
   * number and size, and nothing was added.
   */
  boolean add(List<List<float[]>> right, List<List<float[]>> answers) {
    if (!sameSizes(right, answers)) {
      return false;
    }
    for (int output = 0; output < right.size(); output++) {
      for (int row = 0; row < right.get(output).size(); row++) {
        float[] a = right.get(output).get(row);
        float[] b = answers.get(output).get(row);
        if (a.length > 1) {
          comparison.add(a, b);
        } else if (a.length == 1) {
          columns.computeIfAbsent(output, key -> new ArrayList<>()).add(new Pair(a[0], b[0]));
        }
      }
    }
    return true;
  }

  /** Everything that was added; call once. */
  Comparison result() {
    for (List<Pair> column : columns.values()) {
      float[] right = new float[column.size()];
      float[] answers = new float[column.size()];
      for (int i = 0; i < right.length; i++) {
        right[i] = column.get(i).right();
        answers[i] = column.get(i).answer();
      }
      comparison.add(right, answers);
    }
    return comparison;
  }

  private static boolean sameSizes(List<List<float[]>> right, List<List<float[]>> answers) {
    return sizes(right).equals(sizes(answers));
  }

  private static List<List<Integer>> sizes(List<List<float[]>> outputs) {
    return outputs.stream().map(rows -> rows.stream().map(row -> row.length).toList()).toList();
  }
}
