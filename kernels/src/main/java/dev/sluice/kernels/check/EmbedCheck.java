// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Embed;
import dev.sluice.kernels.launch.Embed.Table;
import java.util.random.RandomGenerator;

/** embed.cu. */
final class EmbedCheck implements KernelCheck {
  @Override
  public String name() {
    return "embed";
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    int hidden = Numbers.multiple(random, 8, 1024);
    int tokens = Numbers.size(random, 150);
    int words = 1 + random.nextInt(300);
    int positions = 1 + random.nextInt(512);
    float[] wordRows = Numbers.halves(random, words * hidden, 0.1);
    float[] positionRows = Numbers.halves(random, positions * hidden, 0.05);
    float[] typeRows = Numbers.halves(random, 2 * hidden, 0.05);
    int[] ids = random.ints(tokens, 0, words).toArray();
    int[] places = random.ints(tokens, 0, positions).toArray();
    int[] types = random.ints(tokens, 0, 2).toArray();
    // Hosts refuse such ids; a kernel must survive them.
    int[] wildIds = ids.clone();
    if (ids[tokens - 1] == words - 1) {
      wildIds[tokens - 1] = Integer.MAX_VALUE;
    } else if (ids[tokens - 1] == 0) {
      wildIds[tokens - 1] = -1;
    }
    LayerNorm norm = LayerNorm.random(random, hidden);
    float[] factors = Numbers.positive(random, random.nextBoolean() ? hidden : 0, 0.01, 2);
    Agreement agreement = new Agreement(name());
    try (Scene scene = new Scene(device, random)) {
      Scene.Output out = scene.halfOutput(tokens * hidden);
      Scene.Output bytes = scene.output(tokens * hidden);
      Scene.Output scales = scene.floatOutput(tokens);
      boolean typed = random.nextInt(4) > 0;
      scene.launch(
          new Embed(
                  scene.shape(tokens, 1, 0),
                  scene.ints(wildIds),
                  scene.ints(places),
                  typed ? scene.ints(types) : 0,
                  new Table(scene.halves(wordRows), words),
                  new Table(scene.halves(positionRows), positions),
                  new Table(scene.halves(typeRows), 2),
                  scene.floats(norm.gain()),
                  scene.floats(norm.shift()),
                  norm.epsilon(),
                  hidden,
                  out.address(),
                  factors.length == 0 ? 0 : scene.floats(factors),
                  bytes.address(),
                  scales.address())
              .launch(tokens + random.nextInt(9)));
      float[] got = scene.halvesOf(out);
      for (int token = 0; token < tokens; token++) {
        double[] sum = new double[hidden];
        for (int i = 0; i < hidden; i++) {
          sum[i] =
              (double) wordRows[ids[token] * hidden + i]
                  + positionRows[places[token] * hidden + i]
                  + typeRows[(typed ? types[token] : 0) * hidden + i];
        }
        norm.compare(agreement, sum, got, token);
      }
      Quantized.of(got, factors, hidden)
          .compare(agreement, scene.bytesOf(bytes), scene.floatsOf(scales));
    }
    return agreement.worst();
  }
}
