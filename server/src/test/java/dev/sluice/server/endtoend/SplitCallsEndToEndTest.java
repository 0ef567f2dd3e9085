// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.v1.Criticality;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Calls of many texts to a server whose batches are small. */
final class SplitCallsEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";
  private static final Map<String, String> SMALL_BATCHES =
      Map.of(
          "SLUICE_MODELS_LANES", "1",
          "SLUICE_LIMITS_MAX_BATCH_ROWS", "3",
          "SLUICE_LIMITS_MAX_BATCH_TOKENS", "256");

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(SMALL_BATCHES);
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

  /** The deadline is that of the gRPC call; the server's time is the test's. */
  @Test
  void aCallThatExpiresBehindOthersCostsNoCompute() throws Exception {
    Gates gates = new Gates();
    Gate gate = gates.of(MODEL);
    try (SteppedTime time = new SteppedTime();
        TestServer held = TestServer.start(Optional.empty(), SMALL_BATCHES, gates.on(time))) {
      EmbedRequest many = Vectors.texts("one", "two", "three", "four", "five", "six", "seven");
      var stub = EmbeddingServiceGrpc.newFutureStub(held.channel());
      Future<EmbedResponse> first = stub.embed(many);
      Gate.Run running = gate.next();
      HeldModels.await(4, held, MODEL, "sluice_queue_rows");
      Future<EmbedResponse> late =
          stub.withDeadlineAfter(5, TimeUnit.MINUTES)
              .embed(many.toBuilder().setCriticality(Criticality.CRITICALITY_SHEDDABLE).build());
      HeldModels.await(11, held, MODEL, "sluice_queue_rows");

      time.step(Duration.ofMinutes(5));
      Refusal expired = Refusal.of(late);
      assertThat(expired.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(expired.message()).contains("before model '" + MODEL + "' could run");
      HeldModels.await(4, held, MODEL, "sluice_queue_rows");

      running.go();
      gate.open();
      assertThat(first.get(1, TimeUnit.MINUTES).getCount()).isEqualTo(7);
      HeldModels.await(0, held, MODEL, "sluice_requests_in_flight");
      assertThat(HeldModels.metric(held, MODEL, "sluice_rows_total")).isEqualTo(7);
    } finally {
      gates.open();
    }
  }
}
