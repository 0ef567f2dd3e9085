// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Suggestions {
  private static final int LONGEST = 100;

  private Suggestions() {}

  /** The known word that is nearest, unless even that one is far away. */
  public static Optional<String> nearest(String given, Collection<String> known) {
    String wanted = normal(given);
    if (wanted.length() > LONGEST) {
      return Optional.empty();
    }
    String best = "";
    int least = Math.max(2, wanted.length() / 4) + 1;
    for (String word : known) {
      int distance = distance(wanted, word);
      if (distance < least) {
        least = distance;
        best = word;
      }
    }
    return best.isEmpty() ? Optional.empty() : Optional.of(best);
  }

  /** The nearest of the keys; also finds one that was written without its section. */
  static Optional<String> nearestKey(String given, Collection<String> keys) {
    String name = "." + normal(given.substring(given.lastIndexOf('.') + 1));
    return keys.stream()
        .filter(key -> key.endsWith(name))
        .findFirst()
        .or(() -> nearest(given, keys));
  }

  /** Ready to be put behind a message; empty if nothing is near. */
  public static String didYouMean(Optional<String> nearest) {
    return nearest.map(word -> "; did you mean " + word + "?").orElse("");
  }

  /** camelCase and snake_case as kebab-case. */
  private static String normal(String text) {
    return text.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, i, j, cost);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] cost) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
