// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import java.io.PrintStream;
import java.util.List;

/** Prints rows under one another. */
public final class Columns {
  private static final String GAP = "  ";

  private Columns() {}

  /** Every row has as many cells as the first. */
  public static void print(PrintStream out, List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
