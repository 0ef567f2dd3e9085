// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.HalfProduct;
import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** gemm_f16.cu: every finish, both tiles of a kind. */
final class HalfProductCheck implements KernelCheck {
  private final Kind kind;

  HalfProductCheck(Kind kind) {
    this.kind = kind;
  }

  @Override
  public String name() {
    return "gemm_f16_" + kind.name().toLowerCase(Locale.ROOT);
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
    HalfProduct kernel =
        new HalfProduct(
            scene.shape(tokens, 1, 0),
            scene.halves(factors.x),
            scene.halves(factors.w),
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
        new HalfProduct(
                scene.shape(count, 1, 0),
                kernel.x() + (long) first * factors.k * Short.BYTES,
                kernel.w(),
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
      int tokens, int n, int k, float[] x, float[] w, float[] bias, float[] residual) {

    static Factors random(RandomGenerator random) {
      int tokens = Numbers.size(random, 260);
      int n = Numbers.multiple(random, 8, 260);
      int k = Numbers.multiple(random, 8, random.nextInt(4) == 0 ? 1536 : 256);
      float[] x = Numbers.halves(random, tokens * k, 1);
      float[] w = Numbers.halves(random, n * k, 1 / Math.sqrt(k));
      float[] bias = Numbers.floats(random, n, 0.5);
      float[] residual = Numbers.halves(random, tokens * n, 1);
      return new Factors(tokens, n, k, x, w, bias, residual);
    }

    void compare(Finish finish, float[] got, Agreement agreement) {
      double[] expected = new double[n];
      for (int row = 0; row < tokens; row++) {
        for (int column = 0; column < n; column++) {
          double sum = 0;
          for (int i = 0; i < k; i++) {
            sum += (double) x[row * k + i] * w[column * k + i];
          }
          sum += bias[column];
          expected[column] =
              switch (finish) {
                case BIAS -> sum;
                case GELU -> Numbers.gelu(sum);
                case RESIDUAL -> sum + residual[row * n + column];
              };
        }
        double usual = Numbers.rms(expected, 0, n) / 10;
        for (int column = 0; column < n; column++) {
          agreement.near(
              got[row * n + column],
              expected[column],
              Numbers.HALF_TOLERANCE * Numbers.scale(expected[column], usual),
              finish.name(),
              row,
              column);
        }
      }
    }
  }
}
