// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.sluice.server.telemetry.Limit;
import org.jspecify.annotations.Nullable;

/**
 * How often a field may occur in one message, wherever it is nested. Each occurrence costs as
 * little as two bytes on the wire and some fifty bytes or more once parsed.
 *
 * @param maxTensors inputs, outputs and raw entries of an infer call
 * @param maxEmbedInputs inputs of an embed call
 */
record MessageLimits(int maxTensors, int maxEmbedInputs) {
  /** Strings of typed BYTES tensors; more of them go through {@code raw_input_contents}. */
  static final int BYTES_ELEMENTS = 1_000_000;

  /** Any other repeated field, the parameters of all tensors for one. */
  static final int OTHER_FIELDS = 4096;

  /** Fields that this server does not know; newer clients may put one into each input. */
  static final int UNKNOWN_FIELDS = 16_384;

  static MessageLimits of(GrpcSettings settings) {
    return new MessageLimits(settings.maxTensors(), settings.maxEmbedInputs());
  }

  /** The limit that can be set for it, if there is one. */
  static @Nullable Limit setting(FieldDescriptor field) {
    return switch (field.getFullName()) {
      case "inference.ModelInferRequest.inputs",
          "inference.ModelInferRequest.outputs",
          "inference.ModelInferRequest.raw_input_contents" ->
          Limit.TENSORS;
      case "sluice.v1.EmbedRequest.inputs" -> Limit.EMBED_INPUTS;
      default -> null;
    };
  }

  int occurrences(FieldDescriptor field) {
    return switch (field.getFullName()) {
      case "inference.ModelInferRequest.inputs",
          "inference.ModelInferRequest.outputs",
          "inference.ModelInferRequest.raw_input_contents" ->
          maxTensors;
      case "inference.InferTensorContents.bytes_contents" -> BYTES_ELEMENTS;
      case "sluice.v1.EmbedRequest.inputs" -> maxEmbedInputs;
      default -> OTHER_FIELDS;
    };
  }
}
