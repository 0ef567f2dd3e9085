// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.sluice.server.core.InferAnswer;
import dev.sluice.server.core.ModelDescription;
import dev.sluice.server.core.NamedTensor;
import dev.sluice.server.transport.shared.Classification;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answer to one infer request: always raw outputs, one entry per output and in order,
 * even where one is empty, because Triton's clients read nothing else. The data is not copied into
 * the message.
 *
 * @param classified the model, when classes are wanted of an output
 * @param stream whether the answer has no headers of its own, and says itself what they would
 * @param finalFlag whether to say that this response is the request's last
 */
record InferResponses(
    String id,
    Map<String, Integer> topClasses,
    @Nullable ModelDescription classified,
    boolean stream,
    boolean finalFlag) {
  private static final String FINAL_RESPONSE = "triton_final_response";
  private static final String VARIANT = "variant";
  private static final InferParameter TRUE = InferParameter.newBuilder().setBoolParam(true).build();

  ModelInferResponse of(InferAnswer answer) {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(answer.model())
            .setModelVersion(answer.version())
            .setId(id);
    for (NamedTensor output : answer.outputs()) {
      add(response, output.name(), shown(output));
    }
    if (stream) {
      response.putParameters(
          VARIANT, InferParameter.newBuilder().setStringParam(answer.variant()).build());
    }
    if (finalFlag) {
      response.putParameters(FINAL_RESPONSE, TRUE);
    }
    return response.build();
  }

  private static void add(ModelInferResponse.Builder response, String name, Tensor tensor) {
    InferOutputTensor.Builder output =
        InferOutputTensor.newBuilder().setName(name).setDatatype(tensor.type().name());
    for (long size : tensor.shape()) {
      output.addShape(size);
    }
    response.addOutputs(output);
    response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(tensor.data()));
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
