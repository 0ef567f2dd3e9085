// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.server.core.InferAnswer;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Classification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one infer request: each output as JSON or behind it, as was asked; those
 * that JSON cannot hold (FP16, BF16) always behind it.
 */
record InferOutput(
    String id,
    InferBody.Parsed wishes,
    Map<String, Integer> topClasses,
    @Nullable ModelDescription classified) {

  /** How many numbers will be written as text, about. */
  long numbers(InferAnswer answer) {
    long sum = 0;
    for (NamedTensor output : answer.outputs()) {
      sum +=
          binary(output.name(), output.tensor()) ? 0 : output.tensor().byteSize() / Integer.BYTES;
    }
    return sum;
  }

  private boolean binary(String name, Tensor tensor) {
    boolean half = tensor.type() == DType.FP16 || tensor.type() == DType.BF16;
    return half || wishes.binary(name);
  }

  ApiResponse of(InferAnswer answer) {
    JsonWriter json = new JsonWriter();
    json.object().name("model_name").string(answer.model());
    json.name("model_version").string(answer.version());
    if (!id.isEmpty()) {
      json.name("id").string(id);
    }
    json.name("outputs").array();
    List<Tensor> binary = new ArrayList<>();
    for (NamedTensor output : answer.outputs()) {
      write(json, output.name(), shown(output), binary);
    }
    json.endArray().endObject();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(ApiResponse.VARIANT, answer.variant());
    if (binary.isEmpty()) {
      return new ApiResponse(200, ApiResponse.JSON, json.written(), headers, true);
    }
    headers.put(InferEndpoint.HEADER_LENGTH, Integer.toString(json.length()));
    binary.forEach(tensor -> json.append(tensor.data()));
    return new ApiResponse(200, "application/octet-stream", json.written(), headers, true);
  }

  private void write(JsonWriter json, String name, Tensor tensor, List<Tensor> binary) {
    json.object().name("name").string(name).name("datatype").string(tensor.type().name());
    json.name("shape").array();
    for (long size : tensor.shape()) {
      json.number(size);
    }
    json.endArray();
    if (binary(name, tensor)) {
      json.name("parameters").object().name("binary_data_size").number((long) tensor.byteSize());
      json.endObject();
      binary.add(tensor);
    } else {
      TypedData.write(json.name("data"), tensor.type(), tensor.data());
    }
    json.endObject();
  }

  private Tensor shown(NamedTensor output) {
    Integer top = topClasses.get(output.name());
    if (top == null || classified == null) {
      return output.tensor();
    }
    boolean batched = classified.config().getMaxBatchSize() > 0;
    List<String> labels = classified.labels().getOrDefault(output.name(), List.of());
    return Classification.of(output.tensor(), batched, top, labels);
  }
}
