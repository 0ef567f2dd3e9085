// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/** Halves {@code [T, columns]} to signed bytes with a scale per token (quantize.cu). */
public record Quantize(long shape, long x, int columns, long bytes, long scales) {
  private static final String NAME = "sluice_quantize";
  private static final int THREADS = 4 * Launch.WARP;
  private static final int MOST_COLUMNS = THREADS * 32;

  public Launch launch(int tokenBound) {
    Launch.require(
        columns > 0 && columns % 8 == 0 && columns <= MOST_COLUMNS,
        NAME,
        "columns must be a multiple of 8 up to " + MOST_COLUMNS,
        columns);
    return new Launch(
        NAME,
        tokenBound,
        1,
        THREADS,
        THREADS / Launch.WARP * Float.BYTES,
        new Launch.Arguments().addresses(shape, x).ints(columns).addresses(bytes, scales).list());
  }
}
