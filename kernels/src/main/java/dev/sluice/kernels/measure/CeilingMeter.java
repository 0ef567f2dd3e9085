// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.launch.BatchShape;
import dev.sluice.kernels.launch.ByteProduct;
import dev.sluice.kernels.launch.HalfProduct;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Measures what the card can do at most. For one thread. */
final class CeilingMeter {
  private final Gpu gpu;
  private final StreamTimer timer;
  private final Extent extent;
  private final List<Kind> kinds;

  CeilingMeter(Gpu gpu, StreamTimer timer, Extent extent, List<Kind> kinds) {
    this.gpu = gpu;
    this.timer = timer;
    this.extent = extent;
    this.kinds = kinds;
  }

  Ceilings measure(RandomGenerator random) {
    long side = extent.product();
    long copied = extent.copyBytes();
    // The largest of the three: two places of a copy, or three squares of halves.
    long bytes = Math.max(2 * copied, 6 * side * side) + (1 << 20);
    double operations = 2.0 * side * side * side;
    try (Scratch scratch = new Scratch(gpu, timer.stream(), random, bytes)) {
      return new Ceilings(
          2e3 * copied / least(List.of(copy(scratch, copied))),
          MatrixPeak.of(gpu),
          1e3 * operations / least(halves(scratch)),
          1e3 * operations / least(bytes(scratch)));
    }
  }

  private Turns.Work copy(Scratch scratch, long count) {
    long from = scratch.halves(count / Short.BYTES, 1);
    long to = scratch.space(count);
    return timer.given(() -> timer.stream().copy(from, to, count));
  }

  private List<Turns.Work> halves(Scratch scratch) {
    scratch.clear();
    int side = extent.product();
    long square = (long) side * side;
    HalfProduct product =
        new HalfProduct(
            scratch.content(new BatchShape(side, 1, 0).bytes()),
            scratch.halves(square, 1),
            scratch.halves(square, 0.02),
            scratch.floats(side, 1),
            0,
            side,
            side,
            scratch.space(square * Short.BYTES));
    return products(kind -> product.launch(Finish.BIAS, kind.large(), side));
  }

  private List<Turns.Work> bytes(Scratch scratch) {
    scratch.clear();
    int side = extent.product();
    long square = (long) side * side;
    ByteProduct product =
        new ByteProduct(
            scratch.content(new BatchShape(side, 1, 0).bytes()),
            scratch.bytes(square),
            scratch.floats(side, 0.001),
            scratch.bytes(square),
            scratch.floats(side, 0.001),
            scratch.floats(side, 1),
            0,
            side,
            side,
            scratch.space(square * Short.BYTES));
    return products(kind -> product.launch(Finish.BIAS, kind.large(), side));
  }

  private List<Turns.Work> products(Function<Kind, Launch> launch) {
    return kinds.stream().map(kind -> timer.launches(List.of(launch.apply(kind)))).toList();
  }

  /** Milliseconds of the fastest of them. */
  private double least(List<Turns.Work> works) {
    return extent.turns().measure(works).stream().mapToDouble(Timing::millis).min().orElseThrow();
  }
}
