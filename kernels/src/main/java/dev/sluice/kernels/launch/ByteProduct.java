// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * {@code out[T, n] = finish(x[T, k] w[n, k]^T * xScales[T] * wScales[n] + bias[n])}: signed bytes
 * with exact sums, halves out (gemm_s8.cu).
 *
 * @param residual {@code [T, n]} halves, for {@link Product.Finish#RESIDUAL} alone; may be {@code
 *     out}
 */
public record ByteProduct(
    long shape,
    long x,
    long xScales,
    long w,
    long wScales,
    long bias,
    long residual,
    int n,
    int k,
    long out) {

  public Launch launch(Product.Finish finish, Product.Tile tile, int tokenBound) {
    String name = Product.name("s8", finish, tile);
    Launch.require(n > 0 && n % 8 == 0, name, "n must be a multiple of 8", n);
    Launch.require(k > 0 && k % 16 == 0, name, "k must be a multiple of 16", k);
    return Product.launch(
        name,
        tile,
        tokenBound,
        n,
        new Launch.Arguments()
            .addresses(shape, x, xScales, w, wScales, bias, residual)
            .ints(n, k)
            .addresses(out));
  }
}
