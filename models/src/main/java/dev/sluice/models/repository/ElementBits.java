// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.onnx.TensorProto.DataType;

/** How large the elements of an ONNX tensor are. */
public final class ElementBits {
  private ElementBits() {}

  /** Bits of one element; 0 where that depends on the element, or the code is unknown. */
  public static int of(int code) {
    DataType type = DataType.forNumber(code);
    return switch (type == null ? DataType.UNDEFINED : type) {
      case FLOAT, INT32, UINT32 -> 32;
      case INT64, UINT64, DOUBLE, COMPLEX64 -> 64;
      case COMPLEX128 -> 128;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 16;
      case BOOL, INT8, UINT8, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ -> 8;
      case UINT4, INT4, FLOAT4E2M1 -> 4;
      case UNDEFINED, STRING -> 0;
    };
  }
}
