// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/** Geometry of the kernels in which a warp holds a row (row.cuh). */
final class RowKernels {
  static final int THREADS = 4 * Launch.WARP;
  private static final int ROWS_PER_BLOCK = THREADS / Launch.WARP;

  /** What a warp can hold: 32 values in each lane. */
  static final int MOST_HIDDEN = Launch.WARP * 32;

  private RowKernels() {}

  static Launch launch(String name, int rows, int hidden, Launch.Arguments arguments) {
    requireHidden(name, hidden);
    return new Launch(name, Launch.blocks(rows, ROWS_PER_BLOCK), 1, THREADS, 0, arguments.list());
  }

  static void requireHidden(String name, int hidden) {
    Launch.require(
        hidden > 0 && hidden % 8 == 0 && hidden <= MOST_HIDDEN,
        name,
        "the hidden size must be a multiple of 8 up to " + MOST_HIDDEN,
        hidden);
  }
}
