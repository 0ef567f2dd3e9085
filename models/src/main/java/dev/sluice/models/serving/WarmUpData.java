// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.ModelWarmup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** Makes the tensors of a warm-up: zeros, random values, or a file of the model's own folder. */
final class WarmUpData {
  private static final int MAX_BYTES = 1 << 28;

  private final Path folder;
  private final RandomGenerator random;

  WarmUpData(Path folder, RandomGenerator random) {
    this.folder = folder;
    this.random = random;
  }

  Tensor tensor(ModelWarmup.Input input, DType type, long[] shape) throws EngineException {
    requireSize(type, shape);
    return switch (input.getInputDataTypeCase()) {
      case ZERO_DATA, INPUTDATATYPE_NOT_SET -> zeros(type, shape);
      case RANDOM_DATA -> random(type, shape);
      case INPUT_DATA_FILE -> file(input.getInputDataFile(), type, shape);
    };
  }

  /** Empty strings where the type is BYTES. */
  static Tensor zeros(DType type, long[] shape) {
    int size = Math.toIntExact(Tensor.elements(shape) * width(type));
    return new Tensor(type, shape, ByteBuffer.allocate(size));
  }

  /** Fractions of 1, or 0 and 1 for whole numbers, which are valid ids in almost any model. */
  private Tensor random(DType type, long[] shape) {
    int elements = Math.toIntExact(Tensor.elements(shape));
    int width = type.fixedSize() ? type.byteSize() : Integer.BYTES + 1;
    ByteBuffer data = ByteBuffer.allocate(elements * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      switch (type) {
        case FP64 -> data.putDouble(random.nextDouble());
        case FP32 -> data.putFloat(random.nextFloat());
        case FP16 -> data.putShort(Float.floatToFloat16(random.nextFloat()));
        case BF16 -> data.putShort((short) (Float.floatToIntBits(random.nextFloat()) >>> 16));
        case BYTES -> data.putInt(1).put((byte) ('0' + random.nextInt(10)));
        default -> data.put((byte) random.nextInt(2)).position(data.position() + width - 1);
      }
    }
    return new Tensor(type, shape, data.flip());
  }

  private Tensor file(String name, DType type, long[] shape) throws EngineException {
    ByteBuffer data = ByteBuffer.wrap(read(name));
    if (type.fixedSize() && data.remaining() != Tensor.elements(shape) * type.byteSize()) {
      throw new EngineException(
          "the file '%s' has %d bytes, not %d"
              .formatted(name, data.remaining(), Tensor.elements(shape) * type.byteSize()));
    }
    if (!type.fixedSize()) {
      var problem = BytesTensors.framingProblem(data, Tensor.elements(shape));
      if (problem.isPresent()) {
        throw new EngineException("the file '" + name + "': " + problem.get());
      }
    }
    return new Tensor(type, shape, data);
  }

  private byte[] read(String name) throws EngineException {
    try {
      Path real = folder.toRealPath();
      Path file = real.resolve(name).toRealPath();
      if (!file.startsWith(real) || !Files.isRegularFile(file)) {
        throw new EngineException("the file '" + name + "' is not in the folder warmup/");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new EngineException("the file '" + name + "' is larger than 256 MiB");
      }
      return Files.readAllBytes(file);
    } catch (IOException | InvalidPathException e) {
      throw new EngineException("the file '" + name + "' in the folder warmup/ cannot be read", e);
    }
  }

  static void requireSize(DType type, long[] shape) throws EngineException {
    try {
      if (Math.multiplyExact(Tensor.elements(shape), (long) width(type)) <= MAX_BYTES) {
        return;
      }
    } catch (ArithmeticException e) {
      throw new EngineException("the shape is too large for any tensor", e);
    }
    throw new EngineException("the tensor is larger than 256 MiB");
  }

  private static int width(DType type) {
    return type.fixedSize() ? type.byteSize() : Integer.BYTES;
  }
}
