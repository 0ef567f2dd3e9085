// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * Token vectors {@code [T, hidden]} to one embedding per sequence (pool.cu), in every form whose
 * address is not 0.
 *
 * @param dims components that are kept, at most {@code hidden}
 * @param floats {@code [B, dims]}
 * @param bytes {@code [B, dims]}, with {@code scales [B]}
 * @param bits {@code [B, ceil(dims / 8)]}: 1 for values above 0, the highest bit first
 */
public record Pool(
    long shape,
    long starts,
    long tokens,
    int hidden,
    int dims,
    Pooling pooling,
    boolean normalize,
    long floats,
    long bytes,
    long scales,
    long bits) {

  private static final String NAME = "sluice_pool";
  private static final int THREADS = 8 * Launch.WARP;

  /** With the kernel's numbers. */
  public enum Pooling {
    MEAN(0),
    FIRST_TOKEN(1),
    LAST_TOKEN(2);

    private final int number;

    Pooling(int number) {
      this.number = number;
    }
  }

  public Launch launch(int sequenceBound) {
    RowKernels.requireHidden(NAME, hidden);
    Launch.require(dims > 0 && dims <= hidden, NAME, "dims must be 1 to " + hidden, dims);
    return new Launch(
        NAME,
        sequenceBound,
        1,
        THREADS,
        // One row of sums and one float per warp.
        THREADS / Launch.WARP * (hidden + 1) * Float.BYTES,
        new Launch.Arguments()
            .addresses(shape, starts, tokens)
            .ints(hidden, dims, pooling.number, normalize ? 1 : 0)
            .addresses(floats, bytes, scales, bits)
            .list());
  }
}
