// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The requests of the bench, serialised once. */
final class Requests {
  static final String EMBED = EmbeddingServiceGrpc.getEmbedMethod().getFullMethodName();
  static final String INFER = GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName();
  private static final int NOOP_BYTES = NoopRepository.WIDTH * Float.BYTES;

  private Requests() {}

  static byte[] grpcEmbed(String text) {
    return grpcEmbed(List.of(text));
  }

  static byte[] grpcEmbed(List<String> texts) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder();
    texts.forEach(text -> request.addInputs(Input.newBuilder().setText(text)));
    return request.build().toByteArray();
  }

  /**
   * @param format {@code float} or {@code base64}
   */
  static byte[] httpEmbed(String text, String format) {
    String body =
        "{\"model\":\"all-minilm-l6-v2\",\"input\":\"%s\",\"encoding_format\":\"%s\"}"
            .formatted(text, format);
    return post("/v1/embeddings", "", body.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] grpcNoop() {
    return ModelInferRequest.newBuilder()
        .setModelName(NoopRepository.MODEL)
        .addInputs(
            ModelInferRequest.InferInputTensor.newBuilder()
                .setName("INPUT0")
                .setDatatype("FP32")
                .addShape(1)
                .addShape(NoopRepository.WIDTH))
        .addRawInputContents(ByteString.copyFrom(new byte[NOOP_BYTES]))
        .build()
        .toByteArray();
  }

  /** Binary tensors both ways, as Triton's clients ask for them. */
  static byte[] httpNoop() {
    byte[] json =
        """
        {"inputs":[{"name":"INPUT0","datatype":"FP32","shape":[1,%d],"parameters":{"binary_data_size":%d}}],\
        "parameters":{"binary_data_output":true}}"""
            .formatted(NoopRepository.WIDTH, NOOP_BYTES)
            .getBytes(StandardCharsets.UTF_8);
    byte[] body = new byte[json.length + NOOP_BYTES];
    System.arraycopy(json, 0, body, 0, json.length);
    return post(
        "/v2/models/" + NoopRepository.MODEL + "/infer",
        "inference-header-content-length: " + json.length + "\r\n",
        body);
  }

  private static byte[] post(String path, String headers, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        "POST %s HTTP/1.1\r\nhost: localhost\r\n%scontent-length: %d\r\n\r\n"
            .formatted(path, headers, body.length)
            .getBytes(StandardCharsets.UTF_8));
    request.writeBytes(body);
    return request.toByteArray();
  }
}
