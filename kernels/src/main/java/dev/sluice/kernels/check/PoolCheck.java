// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Attention;
import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.Pool;
import dev.sluice.kernels.launch.Pool.Pooling;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** pool.cu: every pooling, with every form of output. */
final class PoolCheck implements KernelCheck {
  /** Sums of at most 512 floats, in another order than the reference's. */
  private static final double FLOAT_TOLERANCE = 1e-5;

  @Override
  public String name() {
    return "pool";
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    Agreement agreement = new Agreement(name());
    for (Pooling pooling : Pooling.values()) {
      int hidden = Numbers.multiple(random, 8, 1024);
      int dims = random.nextBoolean() ? hidden : 1 + random.nextInt(hidden);
      boolean normalize = random.nextInt(4) > 0;
      int[] lengths = new int[1 + random.nextInt(4)];
      Arrays.setAll(lengths, i -> Numbers.size(random, 80));
      lengths[0] = random.nextInt(3) == 0 ? 512 : lengths[0];
      int tokens = IntStream.of(lengths).sum();
      float[] x = Numbers.halves(random, tokens * hidden, 1);
      Task task = new Task(hidden, dims, pooling, normalize);
      Embeddings got = task.run(device, random, x, lengths, true);
      task.compare(x, lengths, got, agreement);

      int last = lengths.length - 1;
      int first = tokens - lengths[last];
      float[] itself = Arrays.copyOfRange(x, first * hidden, tokens * hidden);
      // Without bytes: what is written must not lean on the steps of what is not.
      Embeddings alone = task.run(device, random, itself, new int[] {lengths[last]}, false);
      agreement.same(
          alone.floats,
          Arrays.copyOfRange(got.floats, last * dims, (last + 1) * dims),
          "a sequence alone");
      int row = Math.ceilDiv(dims, 8);
      agreement.same(
          alone.bits,
          Arrays.copyOfRange(got.bits, last * row, (last + 1) * row),
          "bits of a sequence alone");
    }
    return agreement.worst();
  }

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Embeddings(float[] floats, byte[] bytes, float[] scales, byte[] bits) {}

  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Task(int hidden, int dims, Pooling pooling, boolean normalize) {

    Embeddings run(
        Device device, RandomGenerator random, float[] x, int[] lengths, boolean inBytes) {
      int sequences = lengths.length;
      try (Scene scene = new Scene(device, random)) {
        Scene.Output floats = scene.floatOutput(sequences * dims);
        Scene.Output bytes = scene.output(sequences * dims);
        Scene.Output scales = scene.floatOutput(sequences);
        Scene.Output bits = scene.output(sequences * Math.ceilDiv(dims, 8));
        scene.launch(
            new Pool(
                    scene.shape(x.length / hidden, sequences, 0),
                    scene.input(Attention.starts(lengths)),
                    scene.halves(x),
                    hidden,
                    dims,
                    pooling,
                    normalize,
                    floats.address(),
                    inBytes ? bytes.address() : 0,
                    inBytes ? scales.address() : 0,
                    bits.address())
                .launch(sequences + random.nextInt(4)));
        return new Embeddings(
            scene.floatsOf(floats),
            scene.bytesOf(bytes),
            scene.floatsOf(scales),
            scene.bytesOf(bits));
      }
    }

    void compare(float[] x, int[] lengths, Embeddings got, Agreement agreement) {
      int begin = 0;
      for (int sequence = 0; sequence < lengths.length; sequence++) {
        double[] expected = pooled(x, begin, lengths[sequence]);
        double length = Numbers.rms(expected, 0, dims) * Math.sqrt(dims);
        for (int i = 0; i < dims; i++) {
          double divisor = normalize ? length : 1;
          agreement.near(
              got.floats[sequence * dims + i],
              expected[i] / divisor,
              FLOAT_TOLERANCE * length / divisor,
              pooling.name(),
              sequence,
              i);
        }
        begin += lengths[sequence];
      }
      // Exactly what follows from the floats.
      Quantized.of(got.floats, dims).compare(agreement, got.bytes, got.scales);
      byte[] bits = new byte[got.bits.length];
      for (int i = 0; i < got.floats.length; i++) {
        int at = i / dims * Math.ceilDiv(dims, 8) + i % dims / 8;
        bits[at] |= (byte) (got.floats[i] > 0 ? 0x80 >> (i % dims % 8) : 0);
      }
      agreement.same(got.bits, bits, "bits");
    }

    private double[] pooled(float[] x, int begin, int length) {
      int first = pooling == Pooling.LAST_TOKEN ? begin + length - 1 : begin;
      int behind = pooling == Pooling.FIRST_TOKEN ? begin + 1 : begin + length;
      double[] mean = new double[dims];
      for (int token = first; token < behind; token++) {
        for (int i = 0; i < dims; i++) {
          mean[i] += (double) x[token * hidden + i] / (behind - first);
        }
      }
      return mean;
    }
  }
}
