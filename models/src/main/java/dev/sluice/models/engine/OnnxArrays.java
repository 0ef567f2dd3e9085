// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors to and from DJL's ONNX Runtime arrays.
 *
 * <p>Outputs are read from the native tensor itself and not through {@code NDArray}, which knows no
 * unsigned or 16 bit integers and shuffles strings of rank 2.
 *
 * <p>ONNX Runtime's Java API passes strings in JNI's modified UTF-8: inside of the graph, NUL and
 * characters beyond U+FFFF (emoji) are other bytes than in the model file, so that they equal no
 * constant of the model. Strings that only pass through come back as they went.
 */
final class OnnxArrays {
  private OnnxArrays() {}

  /** The array may share the tensor's or the staging memory: valid until either is used again. */
  static NDArray toArray(NDManager manager, Tensor tensor, DirectBuffer staging)
      throws EngineException {
    Shape shape = new Shape(tensor.shape());
    if (tensor.type() == DType.BYTES) {
      return manager.create(strings(tensor), StandardCharsets.UTF_8, shape);
    }
    DataType type =
        OnnxTypes.djlInput(tensor.type())
            .orElseThrow(() -> new EngineException("no inputs of type " + tensor.type()));
    ByteBuffer data = staging.reachable(tensor.data(), tensor.type().byteSize());
    return manager.create(data, shape, type);
  }

  /** A copy of the tensor in memory of its own. */
  static Tensor toTensor(TensorSpec spec, OnnxTensor array) throws OrtException, EngineException {
    TensorInfo info = array.getInfo();
    long[] shape = info.getShape();
    if (spec.type() == DType.BYTES) {
      List<String> strings = new ArrayList<>();
      if (info.getNumElements() > 0) {
        flatten(array.getValue(), strings);
      }
      return BytesTensors.ofStrings(shape, strings);
    }
    long bytes = Math.multiplyExact(Tensor.elements(shape), spec.type().byteSize());
    if (bytes == 0) {
      return new Tensor(spec.type(), shape, ByteBuffer.allocate(0));
    }
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new EngineException(
          "output '%s' has %d bytes; the most is 2 GiB".formatted(spec.name(), bytes));
    }
    return new Tensor(spec.type(), shape, array.getByteBuffer());
  }

  private static String[] strings(Tensor tensor) throws EngineException {
    try {
      return BytesTensors.readStrings(tensor).toArray(String[]::new);
    } catch (CharacterCodingException e) {
      throw new EngineException("strings of ONNX Runtime must be UTF-8", e);
    }
  }

  private static void flatten(Object value, List<String> into) {
    if (value instanceof Object[] parts) {
      for (Object part : parts) {
        flatten(part, into);
      }
    } else {
      into.add((String) value);
    }
  }
}
