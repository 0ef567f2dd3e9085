// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * {@code out[T, hidden] = LayerNorm(x + bias + residual)} (norm.cu).
 *
 * @param bias 0: none
 * @param residual 0: none
 * @param out may be {@code x} or {@code residual}
 * @param factors floats by which channels are multiplied before they are quantized; 0: by 1
 * @param bytes and {@code scales}: 0, or where the result goes quantized as well
 */
public record Norm(
    long shape,
    long x,
    long bias,
    long residual,
    long gain,
    long shift,
    float epsilon,
    int hidden,
    long out,
    long factors,
    long bytes,
    long scales) {

  public Launch launch(int tokenBound) {
    return RowKernels.launch(
        "sluice_norm",
        tokenBound,
        hidden,
        new Launch.Arguments()
            .addresses(shape, x, bias, residual, gain, shift)
            .real(epsilon)
            .ints(hidden)
            .addresses(out, factors, bytes, scales));
  }
}
