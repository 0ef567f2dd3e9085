// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What the server answers over its own protocol: the yardstick for every other client. */
final class Reference {
  /** A text's vector moves by a few of its last bits with the padding of its batch. */
  private static final float ROUNDING = 1e-5f;

  private Reference() {}

  /** So many texts, no two alike, of one to nine words. */
  static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + " drops".repeat(1 + i % 8)).toList();
  }

  /**
   * @param dimensions 0 for as many as the model has
   */
  static List<float[]> embed(RunningServer server, int dimensions, List<String> texts) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder().setDimensions(dimensions);
    texts.forEach(text -> request.addInputs(Input.newBuilder().setText(text)));
    ManagedChannel channel =
        Grpc.newChannelBuilder(server.grpc(), InsecureChannelCredentials.create()).build();
    try {
      return rows(
          EmbeddingServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .embed(request.build()));
    } finally {
      channel.shutdownNow();
    }
  }

  private static List<float[]> rows(EmbedResponse response) {
    FloatBuffer all =
        response.getVectors().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < response.getCount(); row++) {
      float[] vector = new float[response.getDimensions()];
      all.get(vector);
      rows.add(vector);
    }
    return rows;
  }

  /** The same vectors in the same order; those of two different texts are never so close. */
  static void assertSame(List<float[]> vectors, List<float[]> expected) {
    assertThat(vectors).hasSameSizeAs(expected);
    for (int i = 0; i < vectors.size(); i++) {
      assertThat(vectors.get(i))
          .as("vector %d", i)
          .containsExactly(expected.get(i), within(ROUNDING));
    }
  }
}
