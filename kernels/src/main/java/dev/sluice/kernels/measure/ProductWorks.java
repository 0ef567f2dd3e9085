// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.launch.BatchShape;
import dev.sluice.kernels.launch.ByteProduct;
import dev.sluice.kernels.launch.HalfProduct;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The products of one encoder's block, of halves and of bytes, by each kind of instruction. */
final class ProductWorks {
  private final Scratch scratch;
  private final int tokens;
  private final long shape;
  private final long from;
  private final long residual;
  private final long to;
  private final long fromBytes;
  private final long scales;
  private final List<KernelWork> works = new ArrayList<>();

  private ProductWorks(Scratch scratch, EncoderDims dims, int tokens) {
    this.scratch = scratch;
    this.tokens = tokens;
    int widest = KernelWorks.widest(dims);
    this.shape = scratch.content(new BatchShape(tokens, 1, 0).bytes());
    this.from = scratch.halves((long) tokens * widest, 1);
    this.residual = scratch.halves((long) tokens * dims.hidden(), 1);
    this.to = scratch.space((long) tokens * widest * Short.BYTES);
    this.fromBytes = scratch.bytes((long) tokens * widest);
    this.scales = scratch.floats(Math.max(tokens, widest), 0.01);
  }

  /** What {@link #of} places, with room for the ends of pieces. */
  static long scratchBytes(EncoderDims dims, int tokens) {
    long weights = 3L * KernelWorks.widest(dims) * dims.hidden() * 3;
    return 7L * tokens * KernelWorks.widest(dims)
        + weights
        + 4L * (tokens + KernelWorks.widest(dims))
        + (1 << 20);
  }

  static List<KernelWork> of(Scratch scratch, EncoderDims dims, int tokens, List<Kind> kinds) {
    ProductWorks all = new ProductWorks(scratch, dims, tokens);
    int hidden = dims.hidden();
    all.product(Finish.BIAS, 3 * hidden, hidden, kinds);
    all.product(Finish.GELU, dims.feedForward(), hidden, kinds);
    all.product(Finish.RESIDUAL, hidden, dims.feedForward(), kinds);
    return all.works;
  }

  private void product(Finish finish, int n, int k, List<Kind> kinds) {
    long added = finish == Finish.RESIDUAL ? residual : 0;
    HalfProduct halves =
        new HalfProduct(shape, from, scratch.halves((long) n * k, 0.02), scales, added, n, k, to);
    ByteProduct bytes =
        new ByteProduct(
            shape, fromBytes, scales, scratch.bytes((long) n * k), scales, scales, added, n, k, to);
    for (Kind kind : kinds) {
      add(halves.launch(finish, kind.large(), tokens), finish, n, k, Short.BYTES);
    }
    for (Kind kind : kinds) {
      add(bytes.launch(finish, kind.large(), tokens), finish, n, k, Byte.BYTES);
    }
  }

  private void add(Launch launch, Finish finish, int n, int k, int factorBytes) {
    double read = (double) factorBytes * k * (tokens + n);
    double results = (double) Short.BYTES * n * tokens * (finish == Finish.RESIDUAL ? 2 : 1);
    works.add(
        new KernelWork(
            launch.kernel().substring("sluice_".length()),
            String.format(Locale.ROOT, "N %d, K %d", n, k),
            List.of(launch),
            read + results,
            2.0 * n * k * tokens,
            factorBytes == Byte.BYTES));
  }
}
