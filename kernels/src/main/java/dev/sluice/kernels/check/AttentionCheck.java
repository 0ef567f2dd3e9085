// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.Device;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** attention.cu. */
final class AttentionCheck implements KernelCheck {
  private static final int LONGEST = 512;

  private final int headSize;

  AttentionCheck(int headSize) {
    this.headSize = headSize;
  }

  @Override
  public String name() {
    return "attention_" + headSize;
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    int heads = 1 + random.nextInt(2);
    int[] lengths = new int[1 + random.nextInt(4)];
    Arrays.setAll(lengths, i -> Numbers.size(random, 140));
    if (random.nextInt(3) == 0) {
      lengths[random.nextInt(lengths.length)] = LONGEST;
    }
    int tokens = IntStream.of(lengths).sum();
    int row = 3 * heads * headSize;
    // Large scores let one key win, small ones all share: both ends of a softmax.
    float[] qkv = Numbers.halves(random, tokens * row, 0.3 + random.nextInt(3));
    Agreement agreement = new Agreement(name());
    float[] got = run(device, random, qkv, lengths, heads);
    int begin = 0;
    for (int length : lengths) {
      for (int head = 0; head < heads; head++) {
        compare(qkv, begin, length, heads, head, got, agreement);
      }
      begin += length;
    }

    int alone = random.nextInt(lengths.length);
    int first = IntStream.of(lengths).limit(alone).sum();
    int behind = first + lengths[alone];
    float[] itself =
        run(
            device,
            random,
            Arrays.copyOfRange(qkv, first * row, behind * row),
            new int[] {lengths[alone]},
            heads);
    agreement.same(
        itself, Arrays.copyOfRange(got, first * row / 3, behind * row / 3), "a sequence alone");
    return agreement.worst();
  }

  private float[] run(
      Device device, RandomGenerator random, float[] qkv, int[] lengths, int heads) {
    int tokens = IntStream.of(lengths).sum();
    int tiles = Attention.tileCount(lengths);
    try (Scene scene = new Scene(device, random)) {
      Scene.Output out = scene.halfOutput(tokens * heads * headSize);
      scene.launch(
          new Attention(
                  scene.shape(tokens, lengths.length, tiles),
                  scene.input(Attention.starts(lengths)),
                  scene.input(Attention.tiles(lengths)),
                  scene.halves(qkv),
                  heads,
                  headSize,
                  out.address())
              .launch(Attention.tileBound(tokens, lengths.length)));
      return scene.halvesOf(out);
    }
  }

  private void compare(
      float[] qkv, int begin, int length, int heads, int head, float[] got, Agreement agreement) {
    int hidden = heads * headSize;
    for (int query = begin; query < begin + length; query++) {
      double[] weights = new double[length];
      double largest = Double.NEGATIVE_INFINITY;
      for (int key = 0; key < length; key++) {
        double score = 0;
        for (int i = 0; i < headSize; i++) {
          score +=
              (double) qkv[query * 3 * hidden + head * headSize + i]
                  * qkv[(begin + key) * 3 * hidden + hidden + head * headSize + i];
        }
        weights[key] = score / Math.sqrt(headSize);
        largest = Math.max(largest, weights[key]);
      }
      double total = 0;
      double[] expected = new double[headSize];
      for (int key = 0; key < length; key++) {
        double weight = Math.exp(weights[key] - largest);
        total += weight;
        for (int i = 0; i < headSize; i++) {
          expected[i] +=
              weight * qkv[(begin + key) * 3 * hidden + 2 * hidden + head * headSize + i];
        }
      }
      for (int i = 0; i < headSize; i++) {
        expected[i] /= total;
      }
      double usual = Numbers.rms(expected, 0, headSize);
      for (int i = 0; i < headSize; i++) {
        int column = head * headSize + i;
        agreement.near(
            got[query * hidden + column],
            expected[i],
            Numbers.HALF_TOLERANCE * Numbers.scale(expected[i], usual),
            "attention",
            query,
            column);
      }
    }
  }
}
