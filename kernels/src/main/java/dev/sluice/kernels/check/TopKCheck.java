// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.check;

import dev.sluice.kernels.launch.Device;
import dev.sluice.kernels.launch.TopK;
import dev.sluice.kernels.launch.TopK.Element;
import java.util.Arrays;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** topk.cu, over several slabs or part of one, with rows that are equal. */
final class TopKCheck implements KernelCheck {
  private static final double TOLERANCE = 1e-5;

  private final Element element;

  TopKCheck(Element element) {
    this.element = element;
  }

  @Override
  public String name() {
    return "topk_" + element.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public double run(Device device, RandomGenerator random) {
    int dims = Numbers.multiple(random, 8, 384);
    int count = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 500 + random.nextInt(2000);
    int k = 1 + random.nextInt(random.nextBoolean() ? 12 : 60);
    int queries = 1 + random.nextInt(2);
    float[] rows = rows(random, count, dims);
    float[] wanted = Numbers.floats(random, queries * dims, 1);
    Agreement agreement = new Agreement(name());
    try (Scene scene = new Scene(device, random)) {
      Scene.Output scores = scene.floatOutput(queries * k);
      Scene.Output numbers = scene.floatOutput(queries * k);
      long matrix = element == Element.F16 ? scene.halves(rows) : scene.bytes(asBytes(rows));
      long queryAddress = scene.floats(wanted);
      TopK sized = new TopK(element, matrix, count, dims, queryAddress, queries, k, 0, 0, 0);
      Scene.Output keys = scene.output((int) sized.keyBytes());
      TopK kernel =
          new TopK(
              element,
              matrix,
              count,
              dims,
              queryAddress,
              queries,
              k,
              keys.address(),
              scores.address(),
              numbers.address());
      scene.launch(kernel.scan());
      scene.launch(kernel.merge());
      scene.bytesOf(keys);
      float[] gotScores = scene.floatsOf(scores);
      int[] gotRows = scene.intsOf(numbers);
      for (int query = 0; query < queries; query++) {
        double[] cosines = cosines(rows, count, dims, wanted, query);
        compare(
            cosines,
            Arrays.copyOfRange(gotScores, query * k, (query + 1) * k),
            Arrays.copyOfRange(gotRows, query * k, (query + 1) * k),
            agreement);
      }
    }
    return agreement.worst();
  }

  /** Small whole numbers, which both element types hold; some rows twice, one of zeros. */
  private static float[] rows(RandomGenerator random, int count, int dims) {
    float[] rows = new float[count * dims];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(-127, 128);
    }
    for (int i = 0; i < count / 4; i++) {
      int from = random.nextInt(count);
      System.arraycopy(rows, from * dims, rows, random.nextInt(count) * dims, dims);
    }
    int zeros = random.nextInt(count);
    Arrays.fill(rows, zeros * dims, (zeros + 1) * dims, 0);
    return rows;
  }

  private static byte[] asBytes(float[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static double[] cosines(float[] rows, int count, int dims, float[] queries, int query) {
    double[] cosines = new double[count];
    for (int row = 0; row < count; row++) {
      double dot = 0;
      double rowSquares = 0;
      double querySquares = 0;
      for (int i = 0; i < dims; i++) {
        double a = rows[row * dims + i];
        double b = queries[query * dims + i];
        dot += a * b;
        rowSquares += a * a;
        querySquares += b * b;
      }
      cosines[row] = rowSquares == 0 ? 0 : dot / Math.sqrt(rowSquares * querySquares);
    }
    return cosines;
  }

  private static void compare(double[] cosines, float[] scores, int[] rows, Agreement agreement) {
    double[] best = cosines.clone();
    Arrays.sort(best);
    for (int i = 0; i < rows.length; i++) {
      if (i >= cosines.length) {
        agreement.holds(
            rows[i] == -1 && scores[i] == Float.NEGATIVE_INFINITY, "a row that does not exist");
        continue;
      }
      agreement.holds(rows[i] >= 0 && rows[i] < cosines.length, "row number " + rows[i]);
      agreement.near(scores[i], cosines[rows[i]], TOLERANCE, "the row's own score", i, rows[i]);
      agreement.near(
          scores[i], best[best.length - 1 - i], TOLERANCE, "the best scores", i, rows[i]);
      if (i > 0) {
        agreement.holds(
            scores[i - 1] > scores[i] || (scores[i - 1] == scores[i] && rows[i - 1] < rows[i]),
            "out of order at " + i);
      }
    }
  }
}
