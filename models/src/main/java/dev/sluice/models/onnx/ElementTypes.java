// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.tensor.DType;
import dev.sluice.proto.onnx.TensorProto.DataType;
import java.util.Optional;

/** The format's codes of element types. */
public final class ElementTypes {
  private ElementTypes() {}

  /** The type of that code, for those of a fixed size of whole bytes that Sluice knows. */
  public static Optional<DType> ofCode(int code) {
    DataType type = DataType.forNumber(code);
    return switch (type == null ? DataType.UNDEFINED : type) {
      case FLOAT -> Optional.of(DType.FP32);
      case FLOAT16 -> Optional.of(DType.FP16);
      case BFLOAT16 -> Optional.of(DType.BF16);
      case DOUBLE -> Optional.of(DType.FP64);
      case INT8 -> Optional.of(DType.INT8);
      case INT16 -> Optional.of(DType.INT16);
      case INT32 -> Optional.of(DType.INT32);
      case INT64 -> Optional.of(DType.INT64);
      case UINT8 -> Optional.of(DType.UINT8);
      case UINT16 -> Optional.of(DType.UINT16);
      case UINT32 -> Optional.of(DType.UINT32);
      case UINT64 -> Optional.of(DType.UINT64);
      case BOOL -> Optional.of(DType.BOOL);
      default -> Optional.empty();
    };
  }

  public static int code(DType type) {
    return switch (type) {
      case FP32 -> DataType.FLOAT_VALUE;
      case FP16 -> DataType.FLOAT16_VALUE;
      case BF16 -> DataType.BFLOAT16_VALUE;
      case FP64 -> DataType.DOUBLE_VALUE;
      case INT8 -> DataType.INT8_VALUE;
      case INT16 -> DataType.INT16_VALUE;
      case INT32 -> DataType.INT32_VALUE;
      case INT64 -> DataType.INT64_VALUE;
      case UINT8 -> DataType.UINT8_VALUE;
      case UINT16 -> DataType.UINT16_VALUE;
      case UINT32 -> DataType.UINT32_VALUE;
      case UINT64 -> DataType.UINT64_VALUE;
      case BOOL -> DataType.BOOL_VALUE;
      case BYTES -> DataType.STRING_VALUE;
    };
  }
}
