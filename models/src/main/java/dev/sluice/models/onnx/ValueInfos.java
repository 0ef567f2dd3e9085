// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.tensor.DType;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.Optional;

/** What the format says of inputs, outputs and values. Pure functions. */
public final class ValueInfos {
  private ValueInfos() {}

  /** A tensor of any shape. */
  public static ValueInfoProto tensor(String name, DType type) {
    return info(name, TypeProto.Tensor.newBuilder().setElemType(ElementTypes.code(type)));
  }

  /**
   * A tensor of that shape.
   *
   * @param dims a Long each, or a String that names a size which may vary
   */
  public static ValueInfoProto tensor(String name, DType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      if (dim instanceof Long size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam((String) dim);
      }
    }
    return info(
        name, TypeProto.Tensor.newBuilder().setElemType(ElementTypes.code(type)).setShape(shape));
  }

  private static ValueInfoProto info(String name, TypeProto.Tensor.Builder type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  /** The element type that is stated; empty when it is no tensor, or of another type. */
  public static Optional<DType> type(ValueInfoProto info) {
    return ElementTypes.ofCode(info.getType().getTensorType().getElemType());
  }
}
