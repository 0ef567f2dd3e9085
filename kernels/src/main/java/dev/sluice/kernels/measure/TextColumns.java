// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

/** Lays cells under one another. */
final class TextColumns {
  private static final String GAP = " ";

  private final int[] widths;

  private TextColumns(int[] widths) {
    this.widths = widths;
  }

  /**
   * @param widths positive for what stands at the right of its column, negative for the left
   */
  static TextColumns of(int... widths) {
    return new TextColumns(widths);
  }

  String row(Object... cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell = String.valueOf(cells[i]);
      String padding = " ".repeat(Math.max(0, Math.abs(widths[i]) - cell.length()));
      line.append(widths[i] > 0 ? padding + cell : cell + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
