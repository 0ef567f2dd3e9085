// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferRequest.InferInputTensor;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.transport.shared.Refusals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request without any JSON: the body is the one input of the model, its shape inferred. */
final class RawBody {
  private RawBody() {}

  static InferBody.Parsed read(ApiRequest http, ModelDescription model, PathParts path) {
    if (model.inputs().size() != 1) {
      throw Refusals.invalid(
          "body",
          "a raw request needs a model with one input; this one has " + model.inputs().size());
    }
    TensorSpec input = model.inputs().get(0);
    boolean text = input.type() == DType.BYTES;
    List<Long> shape = shape(model, input, text ? 1 : http.body().length);
    ByteBuffer data = text ? prefixed(http.body()) : ByteBuffer.wrap(http.body());
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName(path.name())
            .setModelVersion(path.version())
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName(input.name())
                    .setDatatype(input.type().name())
                    .addAllShape(shape))
            .addRawInputContents(UnsafeByteOperations.unsafeWrap(data))
            .build();
    return new InferBody.Parsed(request, Map.of(), true);
  }

  /** One request is one row: of what may vary, one other dimension can be told from the size. */
  private static List<Long> shape(ModelDescription model, TensorSpec input, int bytes) {
    List<Long> shape = new ArrayList<>(input.dims());
    long variable = shape.stream().filter(size -> size < 0).count();
    if (variable > 1 && model.config().getMaxBatchSize() > 0) {
      shape.set(0, 1L);
      variable--;
    }
    if (variable > 1 || input.anyShape()) {
      throw Refusals.invalid("body", "a raw request needs a model with one variable dimension");
    }
    long unit = Math.max(1, input.type().byteSize());
    for (long size : shape) {
      unit = size < 0 ? unit : Math.multiplyExact(unit, size);
    }
    int open = shape.indexOf(-1L);
    if (open >= 0) {
      shape.set(open, input.type() == DType.BYTES ? 1 : bytes / Math.max(1, unit));
    }
    return shape;
  }

  private static ByteBuffer prefixed(byte[] text) {
    return ByteBuffer.allocate(Integer.BYTES + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(text.length)
        .put(text)
        .flip();
  }
}
