// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Norm;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** norm.cu, with and without bias, residual, quantization and factors for it. */
final class NormCheck implements KernelCheck {
  @Override
  public String name() {
    return "norm";
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    Task task = Task.random(random);
    Agreement agreement = new Agreement(name());
    Halves got = task.run(device, random);
    for (int token = 0; token < task.tokens; token++) {
      task.norm.compare(agreement, task.sum(token), got.halves, token);
    }
    if (task.quantized) {
      Quantized.of(got.halves, task.factors, task.hidden).compare(agreement, got.bytes, got.scales);
    }
    int row = random.nextInt(task.tokens);
    int from = row * task.hidden;
    int to = from + task.hidden;
    Halves alone = task.alone(row).run(device, random);
    agreement.same(alone.halves, Arrays.copyOfRange(got.halves, from, to), "a row alone");
    if (task.quantized) {
      agreement.same(alone.bytes, Arrays.copyOfRange(got.bytes, from, to), "bytes of a row alone");
    }
    return agreement.worst();
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Halves(float[] halves, byte[] bytes, float[] scales) {}

  /** An empty bias or residual is none, and so are factors. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Task(
      int tokens,
      int hidden,
      float[] x,
      float[] bias,
      float[] residual,
      boolean quantized,
      float[] factors,
      LayerNorm norm) {

    static Task random(RandomGenerator random) {
      int hidden = Numbers.multiple(random, 8, 1024);
      int tokens = Numbers.size(random, 150);
      // A common offset: where the mean is far from 0, a careless variance loses its digits.
      float offset = random.nextInt(3) * 10;
      float[] x = Numbers.halves(random, tokens * hidden, 1);
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.float16ToFloat(Float.floatToFloat16(x[i] + offset));
      }
      return new Task(
          tokens,
          hidden,
          x,
          Numbers.floats(random, random.nextBoolean() ? hidden : 0, 0.5),
          Numbers.halves(random, random.nextBoolean() ? tokens * hidden : 0, 2),
          random.nextBoolean(),
          Numbers.positive(random, random.nextBoolean() ? hidden : 0, 0.01, 2),
          LayerNorm.random(random, hidden));
    }

    Task alone(int row) {
      return new Task(
          1,
          hidden,
          Arrays.copyOfRange(x, row * hidden, (row + 1) * hidden),
          bias,
          residual.length == 0
              ? residual
              : Arrays.copyOfRange(residual, row * hidden, (row + 1) * hidden),
          quantized,
          factors,
          norm);
    }

    Halves run(Device device, RandomGenerator random) {
      try (Scene scene = new Scene(device, random)) {
        Scene.Output out = scene.halfOutput(tokens * hidden);
        Scene.Output bytes = scene.output(tokens * hidden);
        Scene.Output scales = scene.floatOutput(tokens);
        scene.launch(
            new Norm(
                    scene.shape(tokens, 1, 0),
                    scene.halves(x),
                    bias.length == 0 ? 0 : scene.floats(bias),
                    residual.length == 0 ? 0 : scene.halves(residual),
                    scene.floats(norm.gain()),
                    scene.floats(norm.shift()),
                    norm.epsilon(),
                    hidden,
                    out.address(),
                    factors.length == 0 ? 0 : scene.floats(factors),
                    quantized ? bytes.address() : 0,
                    quantized ? scales.address() : 0)
                .launch(tokens + random.nextInt(9)));
        return new Halves(scene.halvesOf(out), scene.bytesOf(bytes), scene.floatsOf(scales));
      }
    }

    double[] sum(int token) {
      double[] sum = new double[hidden];
      for (int i = 0; i < hidden; i++) {
        int at = token * hidden + i;
        sum[i] =
            (double) x[at]
                + (bias.length == 0 ? 0 : bias[i])
                + (residual.length == 0 ? 0 : residual[at]);
      }
      return sum;
    }
  }
}
