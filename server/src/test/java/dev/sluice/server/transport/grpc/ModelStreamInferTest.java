// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.floats;
import static dev.sluice.server.transport.grpc.Requests.raw;
import static dev.sluice.server.transport.grpc.Requests.three;
import static dev.sluice.server.transport.grpc.Requests.yes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelStreamInferResponse;
import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.scripted.ScriptedInference.Held;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ModelStreamInferTest {
  private static final int IN_FLIGHT = 3;

  private TestServer server;
  private final StreamRecorder<ModelInferRequest, ModelStreamInferResponse> answers =
      new StreamRecorder<>(true);

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(GrpcSettings.defaults().withMaxStreamInFlight(IN_FLIGHT));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void answersComeInTheOrderOfTheRequests() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    requests.onNext(three("hold").setId("first").build());
    requests.onNext(three("echo").setId("second").build());
    requests.onNext(three("hold").setId("third").build());
    Held first = TestServer.take(server.inference.held);
    Held third = TestServer.take(server.inference.held);

    third.release().run();
    assertThat(answers.messages).isEmpty();
    first.release().run();

    assertThat(nextId()).isEqualTo("first");
    assertThat(nextId()).isEqualTo("second");
    assertThat(nextId()).isEqualTo("third");
    requests.onCompleted();
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  @Test
  void eachRequestHasArrivedWhenItsOwnMessageHas() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    for (long now : new long[] {5_000, 9_000}) {
      server.clock.set(now);
      requests.onNext(three("echo").build());
      assertThat(TestServer.take(server.inference.inferCalls).context().arrivedNanos())
          .isEqualTo(now);
    }
    requests.onCompleted();
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  @Test
  void aBadRequestIsAnsweredInPlaceAndTheStreamGoesOn() throws Exception {
    server.inference.problem = new Problem.Overloaded("the queue is full", Duration.ofSeconds(1));
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    requests.onNext(raw("FP32", floats(1), 2).setId("short").build());
    requests.onNext(three("busy").setId("busy").build());
    requests.onNext(three("throws").setId("thrown").build());
    requests.onNext(three("broken").setId("broken").build());
    requests.onNext(three("echo").setId("good").build());
    requests.onCompleted();

    assertThat(error("short")).contains("raw_input_contents[0]");
    assertThat(error("busy")).isEqualTo("the queue is full");
    assertThat(error("thrown")).contains("error id id-1");
    assertThat(error("broken")).contains("error id id-2");
    ModelStreamInferResponse good = TestServer.take(answers.messages);
    assertThat(good.getErrorMessage()).isEmpty();
    assertThat(good.getInferResponse().getRawOutputContents(0)).isEqualTo(floats(0.25f, 4f, -1f));
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  private String error(String id) throws InterruptedException {
    ModelStreamInferResponse response = TestServer.take(answers.messages);
    assertThat(response.getInferResponse().getId()).isEqualTo(id);
    TestServer.discreet(response.getErrorMessage());
    return response.getErrorMessage();
  }

  @Test
  void withTritonsHeaderAnErrorEndsTheStream() throws Exception {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER), "true");
    StreamObserver<ModelInferRequest> requests =
        server
            .async()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .modelStreamInfer(answers);
    requests.onNext(three("hold").build());
    requests.onNext(three("nobody").build());

    assertThat(TestServer.take(answers.ends).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(TestServer.take(server.inference.cancelled)).isEqualTo("hold");
  }

  @Test
  void aHalfCloseIsAnsweredAfterEveryRequest() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    requests.onNext(three("hold").setId("late").build());
    requests.onCompleted();
    Held late = TestServer.take(server.inference.held);
    assertThat(answers.ends).isEmpty();

    late.release().run();

    assertThat(nextId()).isEqualTo("late");
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  @Test
  void theFinalFlagComesOnlyWhenAskedFor() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    requests.onNext(
        three("echo").putParameters("triton_enable_empty_final_response", yes()).build());
    requests.onNext(three("echo").build());
    requests.onCompleted();

    assertThat(TestServer.take(answers.messages).getInferResponse().getParametersMap())
        .containsEntry("triton_final_response", yes());
    assertThat(TestServer.take(answers.messages).getInferResponse().getParametersMap())
        .containsOnlyKeys("variant");
  }

  @Test
  void aBoundedNumberIsReadAheadOfItsAnswers() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    for (int i = 0; i < 3 * IN_FLIGHT; i++) {
      requests.onNext(three("hold").setId("r" + i).build());
    }
    requests.onCompleted();

    for (int i = 0; i < 3 * IN_FLIGHT; i++) {
      Held next = TestServer.take(server.inference.held);
      assertThat(server.inference.held.size()).isLessThan(IN_FLIGHT);
      assertThat(server.inference.inferCalls.size()).isLessThanOrEqualTo(i + IN_FLIGHT);
      next.release().run();
      assertThat(nextId()).isEqualTo("r" + i);
    }
    assertThat(TestServer.take(answers.ends).isOk()).isTrue();
  }

  @Test
  void aClientThatReadsLateStillGetsEverything() throws Exception {
    StreamRecorder<ModelInferRequest, ModelStreamInferResponse> lazy = new StreamRecorder<>(false);
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(lazy);
    ModelInferRequest big = raw("UINT8", ByteString.copyFrom(new byte[1 << 20]), 1 << 20).build();
    int count = 40;
    for (int i = 0; i < count; i++) {
      requests.onNext(big);
    }
    requests.onCompleted();
    TestServer.take(server.inference.inferCalls);

    lazy.take(count + 1);
    for (int i = 0; i < count; i++) {
      assertThat(TestServer.take(lazy.messages).getErrorMessage()).isEmpty();
    }
    assertThat(TestServer.take(lazy.ends).isOk()).isTrue();
  }

  @Test
  void aClientThatLeavesTakesItsRequestsBack() throws Exception {
    StreamObserver<ModelInferRequest> requests = server.async().modelStreamInfer(answers);
    requests.onNext(three("hold").build());
    requests.onNext(three("hold").build());
    TestServer.take(server.inference.held);
    TestServer.take(server.inference.held);

    requests.onError(Status.CANCELLED.asException());

    assertThat(TestServer.take(server.inference.cancelled)).isEqualTo("hold");
    assertThat(TestServer.take(server.inference.cancelled)).isEqualTo("hold");
  }

  private String nextId() throws InterruptedException {
    return TestServer.take(answers.messages).getInferResponse().getId();
  }
}
