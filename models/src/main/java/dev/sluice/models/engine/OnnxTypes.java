// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.ndarray.types.DataType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.sluice.models.tensor.DType;
import java.util.Optional;

/** Element types: ours, ONNX Runtime's and DJL's. */
final class OnnxTypes {
  private OnnxTypes() {}

  static Optional<DType> ours(OnnxTensorType type) {
    return Optional.ofNullable(
        switch (type) {
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DType.BOOL;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DType.UINT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DType.UINT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DType.UINT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DType.UINT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DType.INT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DType.INT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DType.INT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DType.INT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DType.FP16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DType.FP32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DType.FP64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DType.BF16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DType.BYTES;
          default -> null;
        });
  }

  /**
   * The DJL type that makes an input of this type; empty where there is none. ONNX Runtime's Java
   * API can read unsigned 16, 32 and 64 bit outputs but not make such inputs, and DJL makes no 16
   * bit integers.
   */
  static Optional<DataType> djlInput(DType type) {
    return Optional.ofNullable(
        switch (type) {
          case BOOL -> DataType.BOOLEAN;
          case UINT8 -> DataType.UINT8;
          case INT8 -> DataType.INT8;
          case INT32 -> DataType.INT32;
          case INT64 -> DataType.INT64;
          case FP16 -> DataType.FLOAT16;
          case FP32 -> DataType.FLOAT32;
          case FP64 -> DataType.FLOAT64;
          case BF16 -> DataType.BFLOAT16;
          case BYTES -> DataType.STRING;
          case INT16, UINT16, UINT32, UINT64 -> null;
        });
  }
}
