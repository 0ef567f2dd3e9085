// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads calibration inputs of models of tensors: lines of JSON, each a request of the Open
 * Inference Protocol.
 */
final class CalibrationTensors {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int DEEPEST = 32;

  private CalibrationTensors() {}

  /**
   * The inputs of each line in the model's order.
   *
   * @throws EngineException naming the line that is wrong and what would be right
   */
  static List<List<Tensor>> read(Path file, List<TensorSpec> inputs) throws EngineException {
    List<List<Tensor>> all = new ArrayList<>();
    for (String line : CalibrationLines.read(file, CalibrationLines.MOST_TENSOR_BYTES)) {
      try {
        all.add(inputs(MAPPER.readTree(line), inputs));
      } catch (JsonProcessingException e) {
        throw wrong(file, all.size(), "it is not JSON", e);
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw wrong(file, all.size(), String.valueOf(e.getMessage()), e);
      }
    }
    return all;
  }

  private static EngineException wrong(Path file, int line, String why, Exception cause) {
    return new EngineException(
        "the calibration file %s, input %d: %s".formatted(file.getFileName(), line + 1, why),
        cause);
  }

  private static List<Tensor> inputs(JsonNode request, List<TensorSpec> wanted) {
    JsonNode given = request.path("inputs");
    if (!given.isArray() || given.size() != wanted.size()) {
      throw new IllegalArgumentException(
          "'inputs' must be a list of the model's "
              + wanted.stream().map(TensorSpec::name).toList());
    }
    List<Tensor> tensors = new ArrayList<>(wanted.size());
    for (TensorSpec spec : wanted) {
      tensors.add(tensor(named(given, spec.name()), spec));
    }
    return tensors;
  }

  private static JsonNode named(JsonNode inputs, String name) {
    for (JsonNode input : inputs) {
      if (input.path("name").asText().equals(name)) {
        return input;
      }
    }
    throw new IllegalArgumentException("the input '" + name + "' is missing");
  }

  private static Tensor tensor(JsonNode input, TensorSpec spec) {
    String name = "input '" + spec.name() + "'";
    if (!input.path("datatype").asText().equals(spec.type().name())) {
      throw new IllegalArgumentException(name + ": 'datatype' must be " + spec.type());
    }
    long[] shape = shape(input.path("shape"), spec, name);
    List<JsonNode> values = new ArrayList<>();
    flatten(input.path("data"), values, 0, name);
    if (values.size() != Tensor.elements(shape)) {
      throw new IllegalArgumentException(
          "%s: 'data' has %d values, but the shape has %d"
              .formatted(name, values.size(), Tensor.elements(shape)));
    }
    return new Tensor(spec.type(), shape, data(values, spec.type(), name));
  }

  private static long[] shape(JsonNode given, TensorSpec spec, String name) {
    long[] shape = new long[given.size()];
    boolean fits = given.isArray() && (spec.anyShape() || given.size() == spec.dims().size());
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = given.get(axis).asLong(-1);
      boolean free = spec.anyShape() || !fits || spec.dims().get(axis) < 0;
      fits &= free ? shape[axis] > 0 : shape[axis] == spec.dims().get(axis);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "%s: 'shape' is %s, but the model takes %s".formatted(name, given, spec.dims()));
    }
    return shape;
  }

  /** Data may be nested as the shape is, or flat. */
  private static void flatten(JsonNode data, List<JsonNode> values, int depth, String name) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException(name + ": 'data' is nested too deeply");
    }
    for (JsonNode value : data) {
      if (value.isArray()) {
        flatten(value, values, depth + 1, name);
      } else {
        values.add(value);
      }
    }
  }

  private static ByteBuffer data(List<JsonNode> values, DType type, String name) {
    if (type == DType.BYTES) {
      return BytesTensors.frame(
          values.stream().map(text -> text.asText().getBytes(StandardCharsets.UTF_8)).toList());
    }
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.size(), type.byteSize()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode value : values) {
      boolean right = type == DType.BOOL ? value.isBoolean() || value.isNumber() : value.isNumber();
      if (!right) {
        throw new IllegalArgumentException(name + ": 'data' has something that is no " + type);
      }
      put(data, value, type);
    }
    return data.flip();
  }

  private static void put(ByteBuffer data, JsonNode value, DType type) {
    switch (type) {
      case FP64 -> data.putDouble(value.asDouble());
      case FP32 -> data.putFloat((float) value.asDouble());
      case FP16 -> data.putShort(Float.floatToFloat16((float) value.asDouble()));
      case BF16 ->
          data.putShort((short) (Float.floatToIntBits((float) value.asDouble()) >>> Short.SIZE));
      case BOOL -> data.put((byte) (value.asBoolean() ? 1 : 0));
      case INT8, UINT8 -> data.put((byte) value.asLong());
      case INT16, UINT16 -> data.putShort((short) value.asLong());
      case INT32, UINT32 -> data.putInt((int) value.asLong());
      case INT64, UINT64 -> data.putLong(value.asLong());
      case BYTES -> throw new AssertionError("texts have no fixed size");
    }
  }
}
