// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.Specs;
import dev.sluice.models.testing.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Runs archives of one input and one output in PyTorch. */
final class Runs {
  private static final Engines ENGINES = new DjlEngines();

  private Runs() {}

  static Tensor run(Path archive, Tensor input) throws EngineException {
    try (Graph graph = ENGINES.load(Specs.of(archive));
        GraphLane lane = graph.newLane()) {
      return lane.run(List.of(input)).getFirst();
    }
  }

  static float[] run(Path archive, float[] rows, int width) throws EngineException {
    return Tensors.floats(
        run(archive, Tensors.fp32(new long[] {rows.length / width, width}, rows)));
  }

  /** Rows of very different magnitudes, each with one component that stands out. */
  static float[] rows(int count, int width, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count * width];
    for (int row = 0; row < count; row++) {
      double magnitude = Math.pow(10, random.nextDouble() * 4 - 2);
      for (int i = 0; i < width; i++) {
        double outlier = i == 7 ? 8 : 1;
        values[row * width + i] = (float) ((random.nextDouble() * 2 - 1) * magnitude * outlier);
      }
    }
    return values;
  }

  /** The least cosine between rows at the same place. */
  static double cosine(float[] one, float[] other, int width) {
    double least = 1;
    for (int from = 0; from < one.length; from += width) {
      double dot = 0;
      double square = 0;
      double otherSquare = 0;
      for (int i = from; i < from + width; i++) {
        dot += (double) one[i] * other[i];
        square += (double) one[i] * one[i];
        otherSquare += (double) other[i] * other[i];
      }
      least = Math.min(least, dot / Math.sqrt(square * otherSquare));
    }
    return least;
  }
}
