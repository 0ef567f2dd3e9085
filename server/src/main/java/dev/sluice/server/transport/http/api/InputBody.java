// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.shared.Refusals;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One input of an infer request. Its data may come before what says how to read it. */
final class InputBody {
  private static final String BINARY_SIZE = "binary_data_size";
  private static final int MAX_RANK = 32;

  private final JsonReader json;
  private final String where;
  private final int jsonLength;
  private final InferInputTensor.Builder tensor = InferInputTensor.newBuilder();
  private boolean shaped;
  private @Nullable ByteBuffer data;
  private int dataStart = -1;
  private int dataEnd;

  InputBody(JsonReader json, String where, int jsonLength) {
    this.json = json;
    this.where = where;
    this.jsonLength = jsonLength;
  }

  String where() {
    return where;
  }

  InferInputTensor tensor() {
    return tensor.build();
  }

  void field(String name) {
    switch (name) {
      case "name" -> tensor.setName(json.string(where + ".name"));
      case "datatype" -> tensor.setDatatype(json.string(where + ".datatype"));
      case "shape" -> {
        shaped = true;
        json.array(where + ".shape", this::dimension);
      }
      case "parameters" -> Parameters.read(json, where + ".parameters", tensor::putParameters);
      case "data" -> data();
      default -> json.skip();
    }
  }

  private void dimension() {
    if (tensor.getShapeCount() == MAX_RANK) {
      throw Refusals.invalid(where + ".shape", "at most " + MAX_RANK + " dimensions are taken");
    }
    tensor.addShape(json.integer(where + ".shape", 0, Long.MAX_VALUE));
  }

  private void data() {
    if (shaped && !tensor.getDatatype().isEmpty()) {
      data = read(json);
      return;
    }
    int[] place = json.skipArray(where + ".data");
    dataStart = place[0];
    dataEnd = place[1];
  }

  /** Bytes of binary data behind the JSON; -1 for none. */
  long binarySize() {
    InferParameter size = tensor.getParametersMap().get(BINARY_SIZE);
    if (size == null) {
      return -1;
    }
    String field = where + ".parameters[\"" + BINARY_SIZE + "\"]";
    if (!size.hasInt64Param() || size.getInt64Param() < 0) {
      throw Refusals.invalid(field, "must be a whole number, 0 or more");
    }
    if (data != null || dataStart >= 0) {
      throw Refusals.invalid(field, "must not be given beside data");
    }
    return size.getInt64Param();
  }

  ByteBuffer data(byte[] body) {
    ByteBuffer known = data;
    if (known != null) {
      return known;
    }
    if (dataStart < 0) {
      throw Refusals.invalid(where, "has neither data nor the parameter " + BINARY_SIZE);
    }
    JsonReader again = JsonReader.of(body, dataStart, dataEnd - dataStart);
    return read(again);
  }

  private ByteBuffer read(JsonReader from) {
    DType type =
        DType.ofName(tensor.getDatatype())
            .orElseThrow(
                () ->
                    Refusals.invalid(
                        where + ".datatype",
                        Refusals.quote(tensor.getDatatype())
                            + " is not one of "
                            + Arrays.toString(DType.values())));
    return TypedData.read(from, type, elements(), jsonLength, where + ".data");
  }

  private long elements() {
    try {
      return Tensor.elements(tensor.getShapeList().stream().mapToLong(Long::longValue).toArray());
    } catch (ArithmeticException tooMany) {
      throw Refusals.invalid(where + ".shape", "is larger than any tensor can be");
    }
  }
}
