// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.ndarray.types.DataType;
import dev.sluice.models.tensor.DType;
import java.util.Optional;

/**
 * Element types: ours and those of DJL's PyTorch. PyTorch has 16 bit integers, but DJL's native
 * code ends the process when it is asked to make one.
 */
final class TorchTypes {
  private TorchTypes() {}

  static Optional<DataType> djl(DType type) {
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
          case INT16, UINT16, UINT32, UINT64, BF16, BYTES -> null;
        });
  }

  static Optional<DType> ours(DataType type) {
    for (DType candidate : DType.values()) {
      if (djl(candidate).filter(type::equals).isPresent()) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
