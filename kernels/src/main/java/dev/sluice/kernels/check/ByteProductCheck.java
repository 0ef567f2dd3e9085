// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.ByteProduct;
import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** gemm_s8.cu: every finish, both tiles of a kind; exact but for the rounding to a half. */
final class ByteProductCheck implements KernelCheck {
  private final Kind kind;

  ByteProductCheck(Kind kind) {
    this.kind = kind;
  }

  @Override
  public String name() {
    return "gemm_s8_" + kind.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    Agreement agreement = new Agreement(name());
    for (Finish finish : Finish.values()) {
      Factors factors = Factors.random(random);
      try (Scene scene = new Scene(device, random)) {
        compare(factors, finish, scene, random, agreement);
      }
    }
    return agreement.worst();
  }

  private void compare(
      Factors factors, Finish finish, Scene scene, RandomGenerator random, Agreement agreement) {
    int tokens = factors.tokens;
    int n = factors.n;
    Scene.Output out = scene.halfOutput(tokens * n);
    long residual = finish == Finish.RESIDUAL ? scene.halves(factors.residual) : 0;
    ByteProduct kernel =
        new ByteProduct(
            scene.shape(tokens, 1, 0),
            scene.bytes(factors.x),
            scene.floats(factors.xScales),
            scene.bytes(factors.w),
            scene.floats(factors.wScales),
            scene.floats(factors.bias),
            residual,
            n,
            factors.k,
            out.address());
    scene.launch(kernel.launch(finish, kind.large(), tokens + random.nextInt(200)));
    float[] got = scene.halvesOf(out);
    factors.compare(finish, got, agreement);

    // Some of the rows as a batch of their own, with the other tile.
    int first = random.nextInt(tokens);
    int count = 1 + random.nextInt(tokens - first);
    Scene.Output part = scene.halfOutput(count * n);
    scene.launch(
        new ByteProduct(
                scene.shape(count, 1, 0),
                kernel.x() + (long) first * factors.k,
                kernel.xScales() + (long) first * Float.BYTES,
                kernel.w(),
                kernel.wScales(),
                kernel.bias(),
                residual == 0 ? 0 : residual + (long) first * n * Short.BYTES,
                n,
                factors.k,
                part.address())
            .launch(finish, kind.small(), count + random.nextInt(200)));
    agreement.same(
        scene.halvesOf(part),
        Arrays.copyOfRange(got, first * n, (first + count) * n),
        "rows in other company");
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Factors(
      int tokens,
      int n,
      int k,
      byte[] x,
      float[] xScales,
      byte[] w,
      float[] wScales,
      float[] bias,
      float[] residual) {

    static Factors random(RandomGenerator random) {
      int tokens = Numbers.size(random, 260);
      int n = Numbers.multiple(random, 8, 260);
      int k = Numbers.multiple(random, 16, random.nextInt(4) == 0 ? 1536 : 256);
      double scale = 1 / (73.0 * Math.sqrt(k));
      return new Factors(
          tokens,
          n,
          k,
          Numbers.bytes(random, tokens * k),
          Numbers.positive(random, tokens, 0.01, 0.05),
          Numbers.bytes(random, n * k),
          Numbers.positive(random, n, scale / 2, scale),
          Numbers.floats(random, n, 0.5),
          Numbers.halves(random, tokens * n, 1));
    }

    void compare(Finish finish, float[] got, Agreement agreement) {
      for (int row = 0; row < tokens; row++) {
        for (int column = 0; column < n; column++) {
          long sum = 0;
          for (int i = 0; i < k; i++) {
            sum += x[row * k + i] * w[column * k + i];
          }
          double product = sum * (double) xScales[row] * wScales[column];
          double biased = product + bias[column];
          double more = finish == Finish.RESIDUAL ? residual[row * n + column] : 0;
          double expected = finish == Finish.GELU ? Numbers.gelu(biased) : biased + more;
          // Floats lose about a millionth of what is added, whatever is left of it.
          double terms = Math.abs(product) + Math.abs(bias[column]) + Math.abs(more);
          agreement.near(
              got[row * n + column],
              expected,
              Numbers.HALF_ROUNDING * 1.01 * Math.abs(expected) + 1e-6 * terms + 0x1p-24,
              finish.name(),
              row,
              column);
        }
      }
    }
  }
}
