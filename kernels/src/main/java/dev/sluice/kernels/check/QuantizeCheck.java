// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Quantize;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** quantize.cu: exactly the reference, a row of zeros included. */
final class QuantizeCheck implements KernelCheck {
  @Override
  public String name() {
    return "quantize";
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    int columns = Numbers.multiple(random, 8, random.nextBoolean() ? 4096 : 512);
    int tokens = Numbers.size(random, 40);
    float[] x = Numbers.halves(random, tokens * columns, 3);
    int zeros = random.nextInt(tokens);
    Arrays.fill(x, zeros * columns, (zeros + 1) * columns, 0);
    Agreement agreement = new Agreement(name());
    try (Scene scene = new Scene(device, random)) {
      Scene.Output bytes = scene.output(tokens * columns);
      Scene.Output scales = scene.floatOutput(tokens);
      scene.launch(
          new Quantize(
                  scene.shape(tokens, 1, 0),
                  scene.halves(x),
                  columns,
                  bytes.address(),
                  scales.address())
              .launch(tokens + random.nextInt(9)));
      Quantized.of(x, columns).compare(agreement, scene.bytesOf(bytes), scene.floatsOf(scales));
    }
    return agreement.worst();
  }
}
