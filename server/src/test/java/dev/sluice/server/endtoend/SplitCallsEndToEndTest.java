// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.v1.Criticality;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls of many texts to a server whose batches are small. */
final class SplitCallsEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            Map.of(
                "SLUICE_MODELS_LANES", "1",
                "SLUICE_LIMITS_MAX_BATCH_ROWS", "3",
                "SLUICE_LIMITS_MAX_BATCH_TOKENS", "256"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void aCallLargerThanEveryLimitOfABatchIsAnsweredWholeAndInOrder() {
    String[] texts =
        IntStream.range(0, 40)
            .mapToObj(i -> "text " + i + " is about" + " things".repeat(i * 7 % 40))
            .toArray(String[]::new);
    float[][] together = Vectors.of(server.embeddings().embed(Vectors.texts(texts)));
    assertThat(together).hasNumberOfRows(texts.length);
    for (int i = 0; i < texts.length; i++) {
      float[] alone = Vectors.of(server.embeddings().embed(Vectors.texts(texts[i])))[0];
      assertThat(Vectors.cosine(alone, together[i])).as(texts[i]).isGreaterThan(0.9999);
    }
  }

  /** The long call is many batches; by class alone the late one would go behind all of them. */
  @Test
  void aCallThatExpiresBehindOthersCostsNoCompute() throws Exception {
    double before = HeldModels.metric(server, MODEL, "sluice_rows_total");
    Input text =
        Input.newBuilder()
            .setTokens(TokenIds.newBuilder().addAllIds(Collections.nCopies(200, 1000)))
            .build();
    EmbedRequest many =
        EmbedRequest.newBuilder().addAllInputs(Collections.nCopies(60, text)).build();
    Future<?> first = EmbeddingServiceGrpc.newFutureStub(server.channel()).embed(many);
    while (HeldModels.metric(server, MODEL, "sluice_queue_rows") == 0) {
      assertThat(first.isDone()).isFalse();
    }
    try {
      var unused =
          EmbeddingServiceGrpc.newBlockingStub(server.channel())
              .withDeadlineAfter(30, TimeUnit.MILLISECONDS)
              .embed(many.toBuilder().setCriticality(Criticality.CRITICALITY_SHEDDABLE).build());
      throw new AssertionError("it was in time");
    } catch (StatusRuntimeException late) {
      assertThat(late.getStatus().getCode())
          .isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED);
    }
    first.get();
    HeldModels.await(0, server, MODEL, "sluice_requests_in_flight");
    assertThat(HeldModels.metric(server, MODEL, "sluice_rows_total") - before).isEqualTo(60);
  }
}
