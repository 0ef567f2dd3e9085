// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.ghz;

import java.util.Collection;
import java.util.Locale;

/** Finds what somebody probably meant. */
public final class Nearest {
  private static final int LONGEST = 200;

  private Nearest() {}

  /** {@code "; did you mean X?"} with the nearest of those known, or nothing if none is near. */
  public static String hint(String prefix, String given, Collection<String> known) {
    if (given.length() > LONGEST) {
      return "";
    }
    String best = "";
    int least = Math.max(2, given.length() / 3) + 1;
    for (String word : known) {
      int distance = distance(given.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = word;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + prefix + best + "?";
  }

  /** Insertions, deletions and replacements that turn one into the other. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[b.length()];
  }
}
