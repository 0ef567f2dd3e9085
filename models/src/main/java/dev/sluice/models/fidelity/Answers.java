// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of what a graph gave, cut into rows along the first axis. Whole numbers and texts are
 * left out: a class is right or wrong, never near.
 */
final class Answers {
  private Answers() {}

  /** The rows of each output that holds fractions. */
  static List<List<float[]>> of(List<Tensor> outputs) throws EngineException {
    List<List<float[]>> rows = new ArrayList<>();
    for (Tensor output : outputs) {
      if (isFraction(output.type())) {
        rows.add(rows(output));
      }
    }
    if (rows.isEmpty()) {
      throw new EngineException("no output holds fractions, so that nothing can be compared");
    }
    return rows;
  }

  private static boolean isFraction(DType type) {
    return type == DType.FP32 || type == DType.FP64 || type == DType.FP16 || type == DType.BF16;
  }

  private static List<float[]> rows(Tensor tensor) {
    float[] all = numbers(tensor);
    int rows = tensor.rank() < 2 ? 1 : Math.toIntExact(tensor.dim(0));
    int width = rows == 0 ? 0 : all.length / rows;
    List<float[]> cut = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      cut.add(Arrays.copyOfRange(all, row * width, (row + 1) * width));
    }
    return cut;
  }

  private static float[] numbers(Tensor tensor) {
    float[] numbers = new float[Math.toIntExact(tensor.elements())];
    ByteBuffer data = tensor.data();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (tensor.type()) {
            case FP64 -> (float) data.getDouble();
            case FP16 -> Float.float16ToFloat(data.getShort());
            case BF16 -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
            default -> data.getFloat();
          };
    }
    return numbers;
  }
}
