// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.Criticality;
import dev.sluice.models.text.Truncation;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbedStreamResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import dev.sluice.proto.v1.Truncate;
import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.Problem;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EmbeddingServiceTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static EmbedRequest.Builder text(String model, String... texts) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder().setModel(model);
    for (String text : texts) {
      request.addInputs(Input.newBuilder().setText(text));
    }
    return request;
  }

  private static Input tokens(Integer... ids) {
    return Input.newBuilder().setTokens(TokenIds.newBuilder().addAllIds(List.of(ids))).build();
  }

  @Test
  void vectorsComePackedAndInOrder() {
    EmbedResponse response =
        server
            .embedding()
            .embed(text("echo", "abc", "").addInputs(tokens(1, 2)).setRequestId("r1").build());

    assertThat(response.getVectors()).isEqualTo(Requests.floats(0, 3, 1, 0, 2, 2));
    assertThat(response.getDimensions()).isEqualTo(2);
    assertThat(response.getCount()).isEqualTo(3);
    assertThat(response.getModel()).isEqualTo("echo");
    assertThat(response.getVersion()).isEqualTo("2");
    assertThat(response.getVariant()).isEqualTo("fp32");
    assertThat(response.getRequestId()).isEqualTo("r1");
    assertThat(response.getUsage().getTokens()).isEqualTo(42);
    assertThat(response.getUsage().getTruncated()).isEqualTo(1);
    assertThat(response.getTimings().getDecodeNs()).isEqualTo(5);
    assertThat(response.getTimings().getQueueNs()).isEqualTo(2);
    assertThat(response.getTimings().getBatchRows()).isEqualTo(4);
  }

  @Test
  void everyWishReachesTheCore() throws Exception {
    EmbedResponse response =
        server
            .embedding()
            .embed(
                text("echo", "a")
                    .setVersion("2")
                    .setVariant("int8")
                    .setNormalize(false)
                    .setTruncate(Truncate.TRUNCATE_START)
                    .setDimensions(128)
                    .setCriticality(dev.sluice.proto.v1.Criticality.CRITICALITY_SHEDDABLE)
                    .setTenant("team_7")
                    .build());

    assertThat(response.getCount()).isEqualTo(1);
    EmbedCall call = TestServer.take(server.inference.embedCalls);
    assertThat(call.model().version()).isEqualTo("2");
    assertThat(call.model().variant()).isEqualTo("int8");
    assertThat(call.inputs()).containsExactly(new EmbedInput.Text("a"));
    assertThat(call.normalize()).isFalse();
    assertThat(call.truncation()).isEqualTo(Truncation.START);
    assertThat(call.dimensions()).isEqualTo(128);
    assertThat(call.context().criticality()).isEqualTo(Criticality.SHEDDABLE);
    assertThat(call.context().tenant()).isEqualTo("team_7");
  }

  @Test
  void withoutWishesTheDefaultsHold() throws Exception {
    assertThat(server.embedding().embed(text("echo", "a").build()).getCount()).isEqualTo(1);

    EmbedCall call = TestServer.take(server.inference.embedCalls);
    assertThat(call.normalize()).isNull();
    assertThat(call.truncation()).isEqualTo(Truncation.END);
    assertThat(call.context().criticality()).isEqualTo(Criticality.CRITICAL);
    assertThat(call.context().tenant()).isEmpty();
  }

  @Test
  void badRequestsAreRefusedByField() {
    refused("inputs", text("echo"));
    refused("inputs[1]", text("echo", "a").addInputs(Input.getDefaultInstance()));
    refused("inputs[0].tokens.ids[1]", EmbedRequest.newBuilder().addInputs(tokens(1, -2)));
    refused("dimensions", text("echo", "a").setDimensions(-1));
    refused("criticality", text("echo", "a").setCriticalityValue(5));
    refused("truncate", text("echo", "a").setTruncateValue(4));
    refused("tenant", text("echo", "a").setTenant("a".repeat(65)));
    EmbedRequest.Builder many = text("echo");
    for (int i = 0; i <= GrpcSettings.defaults().maxEmbedInputs(); i++) {
      many.addInputs(Input.newBuilder().setText("a"));
    }
    refused("inputs", many);
    assertThat(server.inference.embedCalls).isEmpty();
  }

  private void refused(String field, EmbedRequest.Builder request) {
    assertThat(
            TestServer.error(
                Status.Code.INVALID_ARGUMENT, () -> server.embedding().embed(request.build())))
        .hasMessageContaining(field + ":");
  }

  @Test
  void aStreamIsAnsweredInTheOrderOfCompletion() throws Exception {
    StreamRecorder<EmbedRequest, EmbedStreamResponse> answers = new StreamRecorder<>(true);
    StreamObserver<EmbedRequest> requests =
        EmbeddingServiceGrpc.newStub(server.channel).embedStream(answers);
    requests.onNext(text("hold", "abc").setRequestId("slow").build());
    requests.onNext(text("echo", "a").setRequestId("fast").build());
    requests.onCompleted();

    EmbedStreamResponse fast = TestServer.take(answers.messages);
    assertThat(fast.getRequestId()).isEqualTo("fast");
    assertThat(fast.getResponse().getRequestId()).isEqualTo("fast");
    assertThat(answers.ends).isEmpty();
    TestServer.take(server.inference.held).release().run();
    EmbedStreamResponse slow = TestServer.take(answers.messages);
    assertThat(slow.getRequestId()).isEqualTo("slow");
    assertThat(slow.getResponse().getVectors()).isEqualTo(Requests.floats(0, 3));
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  @Test
  void errorsStayInsideTheStream() throws Exception {
    server.inference.problem = new Problem.Overloaded("the queue is full", Duration.ofSeconds(3));
    StreamRecorder<EmbedRequest, EmbedStreamResponse> answers = new StreamRecorder<>(true);
    StreamObserver<EmbedRequest> requests =
        EmbeddingServiceGrpc.newStub(server.channel).embedStream(answers);

    requests.onNext(text("busy", "a").setRequestId("1").build());
    error(answers, "1", Status.Code.RESOURCE_EXHAUSTED, 3000);
    requests.onNext(text("echo").setRequestId("2").build());
    error(answers, "2", Status.Code.INVALID_ARGUMENT, 0);
    requests.onNext(text("throws", "a").setRequestId("3").build());
    error(answers, "3", Status.Code.INTERNAL, 0);
    requests.onNext(text("broken", "a").setRequestId("4").build());
    error(answers, "4", Status.Code.INTERNAL, 0);
    requests.onNext(text("echo", "a").setRequestId("5").build());
    assertThat(TestServer.take(answers.messages).hasResponse()).isTrue();
    requests.onCompleted();
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  private static void error(
      StreamRecorder<EmbedRequest, EmbedStreamResponse> answers,
      String id,
      Status.Code code,
      long retryMillis)
      throws InterruptedException {
    EmbedStreamResponse response = TestServer.take(answers.messages);
    assertThat(response.getRequestId()).isEqualTo(id);
    assertThat(response.getError().getCode()).isEqualTo(code.value());
    assertThat(response.getError().getRetryAfterMs()).isEqualTo(retryMillis);
    assertThat(response.getError().getMessage()).isNotEmpty();
    TestServer.discreet(response.getError().getMessage());
  }
}
