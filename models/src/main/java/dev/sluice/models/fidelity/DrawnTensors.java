// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Inputs for a model of which nothing is known but what it declares: normally distributed
 * fractions, and 0 or 1 for whole numbers, which almost any model takes.
 */
public final class DrawnTensors {
  /** Where a size is for the client to choose. */
  private static final int FREE_SIZE = 8;

  private static final long SEED = 0xCA11;
  private static final long MOST_BYTES = 64 << 20;

  private DrawnTensors() {}

  /**
   * Sets of inputs of one row each, the same ones every time.
   *
   * @throws EngineException for a model whose inputs cannot be drawn
   */
  public static List<List<Tensor>> draw(List<TensorSpec> inputs, int count) throws EngineException {
    RandomGenerator random = new SplittableRandom(SEED);
    long room = MOST_BYTES;
    List<List<Tensor>> drawn = new ArrayList<>(count);
    for (int i = 0; i < count && (room > 0 || drawn.isEmpty()); i++) {
      List<Tensor> one = new ArrayList<>(inputs.size());
      for (TensorSpec input : inputs) {
        Tensor tensor = draw(input, random);
        room -= tensor.byteSize();
        one.add(tensor);
      }
      drawn.add(one);
    }
    return drawn;
  }

  private static Tensor draw(TensorSpec spec, RandomGenerator random) throws EngineException {
    if (spec.type() == DType.BYTES || spec.anyShape()) {
      throw new EngineException(
          "the input '"
              + spec.name()
              + "' takes "
              + (spec.anyShape() ? "any shape" : "texts")
              + ", which cannot be drawn at random: give calibration inputs");
    }
    long[] shape = new long[spec.dims().size()];
    for (int axis = 0; axis < shape.length; axis++) {
      long size = spec.dims().get(axis);
      shape[axis] = size >= 0 ? size : axis == 0 ? 1 : FREE_SIZE;
    }
    long bytes = Tensor.elements(shape) * spec.type().byteSize();
    if (bytes > MOST_BYTES) {
      throw new EngineException("the input '" + spec.name() + "' is larger than 64 MiB");
    }
    ByteBuffer data = ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      put(data, spec.type(), random);
    }
    return new Tensor(spec.type(), shape, data.flip());
  }

  private static void put(ByteBuffer data, DType type, RandomGenerator random) {
    switch (type) {
      case FP64 -> data.putDouble(random.nextGaussian());
      case FP32 -> data.putFloat((float) random.nextGaussian());
      case FP16 -> data.putShort(Float.floatToFloat16((float) random.nextGaussian()));
      case BF16 ->
          data.putShort(
              (short) (Float.floatToIntBits((float) random.nextGaussian()) >>> Short.SIZE));
      default -> {
        int next = data.position() + type.byteSize();
        data.put((byte) random.nextInt(2)).position(next);
      }
    }
  }
}
