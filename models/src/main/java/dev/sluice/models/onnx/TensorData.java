// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ElementBits;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Tensors out of and into the format, which has two places for their data. Pure functions. */
final class TensorData {
  private TensorData() {}

  /**
   * The tensor, without a copy where the format allows it; empty for types that Sluice does not
   * compute with.
   *
   * @throws EngineException when there is not as much data as the shape needs
   */
  static Optional<Tensor> read(TensorProto proto) throws EngineException {
    Optional<DType> type = ElementTypes.ofCode(proto.getDataType());
    if (type.isEmpty() || proto.hasSegment()) {
      return Optional.empty();
    }
    long needed = byteSize(proto);
    ByteBuffer data =
        proto.hasRawData()
            ? proto.getRawData().asReadOnlyByteBuffer()
            : typedData(proto, type.get(), needed);
    if (data.remaining() != needed) {
      throw new EngineException(
          "tensor '%s' holds %d bytes, but its shape needs %d"
              .formatted(ModelNames.printable(proto.getName()), data.remaining(), needed));
    }
    return Optional.of(new Tensor(type.get(), shape(proto), data));
  }

  static TensorProto write(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(ElementTypes.code(tensor.type()));
    for (long size : tensor.shape()) {
      proto.addDims(size);
    }
    return proto.setRawData(UnsafeByteOperations.unsafeWrap(tensor.data())).build();
  }

  /** What the data needs by type and shape; 0 for types of unknown size. */
  static long byteSize(TensorProto proto) throws EngineException {
    long bits = ElementBits.of(proto.getDataType());
    try {
      for (long size : proto.getDimsList()) {
        if (size < 0) {
          throw new ArithmeticException();
        }
        bits = Math.multiplyExact(bits, size);
      }
      return Math.addExact(bits, 7) / 8;
    } catch (ArithmeticException e) {
      throw new EngineException(
          "the shape %s of tensor '%s' is impossible"
              .formatted(proto.getDimsList(), ModelNames.printable(proto.getName())),
          e);
    }
  }

  private static long[] shape(TensorProto proto) {
    return proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  private static ByteBuffer typedData(TensorProto proto, DType type, long needed) {
    int count =
        switch (type) {
          case FP32 -> proto.getFloatDataCount();
          case FP64 -> proto.getDoubleDataCount();
          case INT64 -> proto.getInt64DataCount();
          case UINT32, UINT64 -> proto.getUint64DataCount();
          default -> proto.getInt32DataCount();
        };
    // Less or more than the shape needs is refused by its size alone.
    if ((long) count * type.byteSize() != needed) {
      return ByteBuffer.allocate((int) Math.min((long) count * type.byteSize(), 1 << 10));
    }
    ByteBuffer data = ByteBuffer.allocate((int) needed).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (type) {
        case FP32 -> data.putFloat(proto.getFloatData(i));
        case FP64 -> data.putDouble(proto.getDoubleData(i));
        case INT64 -> data.putLong(proto.getInt64Data(i));
        case UINT64 -> data.putLong(proto.getUint64Data(i));
        case UINT32 -> data.putInt((int) proto.getUint64Data(i));
        case INT32 -> data.putInt(proto.getInt32Data(i));
        case FP16, BF16, INT16, UINT16 -> data.putShort((short) proto.getInt32Data(i));
        default -> data.put((byte) proto.getInt32Data(i));
      }
    }
    return data.flip();
  }
}
