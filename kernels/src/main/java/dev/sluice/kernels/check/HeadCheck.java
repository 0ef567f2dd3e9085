// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Head;
import dev.sluice.kernels.launch.Head.Activation;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** head.cu: every activation, on first tokens and on rows, to one label and to many. */
final class HeadCheck implements KernelCheck {
  /** Sums of at most 1024 floats, in another order than the reference's. */
  private static final double FLOAT_TOLERANCE = 1e-5;

  @Override
  public String name() {
    return "head";
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    Agreement agreement = new Agreement(name());
    for (Activation activation : Activation.values()) {
      int[] lengths = new int[1 + random.nextInt(4)];
      Arrays.setAll(lengths, i -> Numbers.size(random, 80));
      lengths[0] = 512;
      Task many = Task.drawn(random, activation, Numbers.size(random, 150));
      many.firstTokens(device, random, lengths, agreement);
      Task one = Task.drawn(random, activation, 1);
      one.firstTokens(device, random, new int[] {1}, agreement);
      one.rows(device, random, agreement);
      Task.drawn(random, activation, 2 + random.nextInt(80)).rows(device, random, agreement);
    }
    return agreement.worst();
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Task(int n, int k, Activation activation, float[] weight, float[] bias) {

    static Task drawn(RandomGenerator random, Activation activation, int n) {
      int k = Numbers.multiple(random, 8, 1024);
      return new Task(
          n,
          k,
          activation,
          Numbers.halves(random, n * k, 1 / Math.sqrt(k)),
          Numbers.floats(random, n, 1));
    }

    void firstTokens(Device device, RandomGenerator random, int[] lengths, Agreement agreement) {
      float[] x = Numbers.halves(random, IntStream.of(lengths).sum() * k, 1);
      float[] got = run(device, random, x, lengths);
      float[] first = new float[lengths.length * k];
      for (int i = 0, begin = 0; i < lengths.length; begin += lengths[i++]) {
        System.arraycopy(x, begin * k, first, i * k, k);
      }
      compare(first, got, agreement);

      int last = lengths[lengths.length - 1];
      float[] itself = Arrays.copyOfRange(x, x.length - last * k, x.length);
      agreement.same(
          run(device, random, itself, new int[] {last}),
          Arrays.copyOfRange(got, got.length - n, got.length),
          "a sequence alone");
    }

    void rows(Device device, RandomGenerator random, Agreement agreement) {
      float[] x = Numbers.floats(random, (1 + random.nextInt(4)) * k, 1);
      float[] got = run(device, random, x, new int[0]);
      compare(x, got, agreement);
      agreement.same(
          run(device, random, Arrays.copyOf(x, k), new int[0]),
          Arrays.copyOf(got, n),
          "a row alone");
    }

    /**
     * @param lengths of the sequences whose tokens {@code x} are; none: {@code x} are rows
     */
    float[] run(Device device, RandomGenerator random, float[] x, int[] lengths) {
      boolean tokens = lengths.length > 0;
      int sequences = tokens ? lengths.length : x.length / k;
      try (Scene scene = new Scene(device, random)) {
        Scene.Output out = scene.floatOutput(sequences * n);
        scene.launch(
            new Head(
                    scene.shape(tokens ? x.length / k : sequences, sequences, 0),
                    tokens ? scene.input(Attention.starts(lengths)) : 0,
                    tokens ? scene.halves(x) : scene.floats(x),
                    scene.halves(weight),
                    scene.floats(bias),
                    n,
                    k,
                    activation,
                    out.address())
                .launch(sequences + random.nextInt(4)));
        return scene.floatsOf(out);
      }
    }

    /**
     * @param x row after row
     */
    void compare(float[] x, float[] got, Agreement agreement) {
      for (int row = 0; row < x.length / k; row++) {
        for (int channel = 0; channel < n; channel++) {
          double sum = bias[channel];
          double magnitudes = Math.abs(sum);
          for (int i = 0; i < k; i++) {
            double product = (double) x[row * k + i] * weight[channel * k + i];
            sum += product;
            magnitudes += Math.abs(product);
          }
          agreement.near(
              got[row * n + channel],
              Numbers.activated(sum, activation),
              FLOAT_TOLERANCE * magnitudes,
              activation.name(),
              row,
              channel);
        }
      }
    }
  }
}
