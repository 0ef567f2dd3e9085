// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known word that an unknown one was probably meant to be. */
final class Nearest {
  private Nearest() {}

  /** {@code "; did you mean 'x'?"}, or nothing when no known word is close. */
  static String hint(String unknown, Collection<String> known) {
    return of(unknown, known).map(word -> "; did you mean '" + word + "'?").orElse("");
  }

  static Optional<String> of(String unknown, Collection<String> known) {
    if (unknown.length() > 100) {
      return Optional.empty();
    }
    return known.stream()
        .filter(word -> distance(unknown, word) <= limit(unknown, word))
        .min(
            Comparator.comparingInt((String word) -> distance(unknown, word))
                .thenComparing(w -> w));
  }

  /** Two slips, or more in a long word. */
  private static int limit(String a, String b) {
    return Math.max(2, Math.max(a.length(), b.length()) * 2 / 5);
  }

  /** Levenshtein's distance, with one row of memory. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
