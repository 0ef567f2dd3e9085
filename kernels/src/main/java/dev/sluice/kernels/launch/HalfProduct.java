// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

/**
 * {@code out[T, n] = finish(x[T, k] w[n, k]^T + bias[n])} in halves (gemm_f16.cu).
 *
 * @param residual {@code [T, n]}, for {@link Product.Finish#RESIDUAL} alone; may be {@code out}
 */
public record HalfProduct(
    long shape, long x, long w, long bias, long residual, int n, int k, long out) {

  public Launch launch(Product.Finish finish, Product.Tile tile, int tokenBound) {
    String name = Product.name("f16", finish, tile);
    Launch.require(n > 0 && n % 8 == 0, name, "n must be a multiple of 8", n);
    Launch.require(k > 0 && k % 8 == 0, name, "k must be a multiple of 8", k);
    return Product.launch(
        name,
        tile,
        tokenBound,
        n,
        new Launch.Arguments().addresses(shape, x, w, bias, residual).ints(n, k).addresses(out));
  }
}
