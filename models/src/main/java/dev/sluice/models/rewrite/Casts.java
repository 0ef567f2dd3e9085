// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.ElementTypes;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Optional;

/** Changes of the element type that lose nothing. */
final class Casts {
  private Casts() {}

  /** Halves to FP32, small integers to FP32 or INT64; empty for others, and what is too large. */
  static Optional<Tensor> of(Tensor tensor, long code, long room) {
    Optional<DType> to = ElementTypes.ofCode((int) code);
    if (to.isEmpty() || tensor.elements() > room / to.get().byteSize()) {
      return Optional.empty();
    }
    if (to.get() == tensor.type()) {
      return Optional.of(tensor);
    }
    return switch (tensor.type()) {
      case FP16, BF16 -> to.get() == DType.FP32 ? Optional.of(floats(tensor)) : Optional.empty();
      case INT64, INT32 -> integers(tensor, to.get());
      default -> Optional.empty();
    };
  }

  private static Tensor floats(Tensor tensor) {
    return TensorValues.ofFloats(tensor.shape(), TensorValues.floats(tensor));
  }

  private static Optional<Tensor> integers(Tensor tensor, DType to) {
    long[] values = TensorValues.longs(tensor);
    if (to == DType.INT64) {
      return Optional.of(TensorValues.ofLongs(tensor.shape(), values));
    }
    if (to != DType.FP32) {
      return Optional.empty();
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i];
    }
    return Optional.of(TensorValues.ofFloats(tensor.shape(), floats));
  }
}
