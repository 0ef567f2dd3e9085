// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * {@code out[B, n] = activation(x[B, k] weight^T + bias)}, floats, one row per sequence (head.cu).
 *
 * @param starts where each sequence begins, whose first token in {@code x}, halves {@code [T, k]},
 *     is its row; 0: {@code x} are rows of floats {@code [B, k]}
 * @param weight halves {@code [n, k]}
 */
public record Head(
    long shape,
    long starts,
    long x,
    long weight,
    long bias,
    int n,
    int k,
    Activation activation,
    long out) {

  private static final int CHANNELS_PER_BLOCK = RowKernels.THREADS / Launch.WARP * 8;

  /** With the kernels' numbers. */
  public enum Activation {
    NONE(0),
    TANH(1),
    RELU(2),
    /** By the error function. */
    GELU(3);

    private final int number;

    Activation(int number) {
      this.number = number;
    }
  }

  public Launch launch(int sequenceBound) {
    String name = starts == 0 ? "sluice_head_rows" : "sluice_head_first";
    RowKernels.requireHidden(name, k);
    Launch.require(n > 0, name, "n must be at least 1", n);
    Launch.Arguments arguments = new Launch.Arguments().addresses(shape);
    if (starts != 0) {
      arguments.addresses(starts);
    }
    return new Launch(
        name,
        sequenceBound,
        Launch.blocks(n, CHANNELS_PER_BLOCK),
        RowKernels.THREADS,
        0,
        arguments.addresses(x, weight, bias).ints(n, k, activation.number).addresses(out).list());
  }
}
