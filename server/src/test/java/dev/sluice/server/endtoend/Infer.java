// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import com.google.protobuf.ByteString;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;

/** Infer requests as clients build them: raw contents, names, types and shapes. */
final class Infer {
  private Infer() {}

  static ModelInferRequest.Builder on(String model) {
    return ModelInferRequest.newBuilder().setModelName(model);
  }

  static ModelInferRequest.Builder with(
      ModelInferRequest.Builder request, String input, Tensor tensor) {
    ModelInferRequest.InferInputTensor.Builder declared =
        ModelInferRequest.InferInputTensor.newBuilder()
            .setName(input)
            .setDatatype(tensor.type().name());
    for (long size : tensor.shape()) {
      declared.addShape(size);
    }
    return request.addInputs(declared).addRawInputContents(ByteString.copyFrom(tensor.data()));
  }

  static float[] floats(ModelInferResponse response, String output) {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      if (response.getOutputs(i).getName().equals(output)) {
        return Vectors.floats(response.getRawOutputContents(i));
      }
    }
    throw new AssertionError("no output " + output + " in " + response.getOutputsList());
  }
}
