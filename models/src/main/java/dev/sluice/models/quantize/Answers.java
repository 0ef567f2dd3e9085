// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model answers to some calibration inputs: its first FP32 output, row by row, as far as it
 * fits a bound of memory.
 */
record Answers(List<float[]> rows) {
  private static final long MOST_VALUES = 1 << 23;

  Answers {
    rows = List.copyOf(rows);
  }

  /**
   * @param most how many runs at the most
   */
  static Answers of(Trial trial, Calibration calibration, int most)
      throws EngineException, InterruptedException {
    List<float[]> rows = new ArrayList<>();
    int output = output(trial.outputs());
    int runs = output < 0 ? 0 : Math.min(most, calibration.size());
    long values = 0;
    for (int i = 0; i < runs && values < MOST_VALUES; i++) {
      // Spread over all inputs, since their kinds may lie together.
      int run = (int) ((long) i * calibration.size() / runs);
      Tensor answer = trial.run(calibration, run).get(output);
      values += answer.elements();
      split(answer, rows);
    }
    return new Answers(rows);
  }

  private static int output(List<TensorSpec> outputs) {
    return outputs.stream().map(TensorSpec::type).toList().indexOf(DType.FP32);
  }

  private static void split(Tensor answer, List<float[]> into) {
    FloatBuffer data = answer.data().asFloatBuffer();
    int count = answer.rank() < 2 ? 1 : Math.toIntExact(Math.max(1, answer.dim(0)));
    int length = data.remaining() / count;
    for (int row = 0; row < count && length > 0; row++) {
      float[] values = new float[length];
      data.get(values);
      into.add(values);
    }
  }

  /** How near others' answers to the same inputs are to these. */
  Closeness closeness(Answers others) throws EngineException {
    if (others.rows.size() != rows.size()) {
      throw new EngineException("the quantized model answers in another shape");
    }
    double[] cosines = new double[rows.size()];
    for (int i = 0; i < cosines.length; i++) {
      float[] other = others.rows.get(i);
      if (other.length != rows.get(i).length) {
        throw new EngineException("the quantized model answers in another shape");
      }
      cosines[i] = Closeness.cosine(rows.get(i), other);
    }
    return Closeness.of(cosines);
  }
}
