// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.three;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelStreamInferResponse;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedStreamResponse;
import dev.sluice.proto.v1.Input;
import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.grpc.ScriptedInference.Held;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the end of the server does to streams. The grace is far longer than any test. */
final class StreamDrainTest {
  private static final int IN_FLIGHT = 3;
  private static final Duration GRACE = Duration.ofHours(1);

  private TestServer server;
  private final StreamRecorder<ModelInferRequest, ModelStreamInferResponse> tensors =
      new StreamRecorder<>(true);
  private final StreamRecorder<EmbedRequest, EmbedStreamResponse> vectors =
      new StreamRecorder<>(true);

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(GrpcSettings.defaults().withMaxStreamInFlight(IN_FLIGHT));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static EmbedRequest embed(String model, String id) {
    return EmbedRequest.newBuilder()
        .setModel(model)
        .setRequestId(id)
        .addInputs(Input.newBuilder().setText("abc"))
        .build();
  }

  @Test
  void idleStreamsAreClosedAtOnce() throws Exception {
    StreamObserver<ModelInferRequest> infer = server.async().modelStreamInfer(tensors);
    infer.onNext(three("echo").build());
    assertThat(TestServer.take(tensors.messages).getErrorMessage()).isEmpty();
    StreamObserver<EmbedRequest> embed = server.asyncEmbedding().embedStream(vectors);
    embed.onNext(embed("echo", "1"));
    assertThat(TestServer.take(vectors.messages).hasResponse()).isTrue();

    assertThat(finished(server.shutdown(GRACE))).isTrue();

    closedForShutdown(tensors);
    closedForShutdown(vectors);
  }

  @Test
  void busyStreamsAreClosedWhenTheirAnswersAreOut() throws Exception {
    StreamObserver<ModelInferRequest> infer = server.async().modelStreamInfer(tensors);
    infer.onNext(three("hold").setId("first").build());
    Held first = TestServer.take(server.inference.held);
    StreamObserver<EmbedRequest> embed = server.asyncEmbedding().embedStream(vectors);
    embed.onNext(embed("hold", "first"));
    Held other = TestServer.take(server.inference.held);

    CompletableFuture<Boolean> end = shutdownBegun();
    assertThat(end).isNotDone();
    assertThat(tensors.ends).isEmpty();
    assertThat(vectors.ends).isEmpty();
    first.release().run();
    other.release().run();

    assertThat(finished(end)).isTrue();
    assertThat(nextId()).isEqualTo("first");
    assertThat(TestServer.take(vectors.messages).hasResponse()).isTrue();
    closedForShutdown(tensors);
    closedForShutdown(vectors);
    assertThat(server.inference.cancelled).isEmpty();
  }

  @Test
  void aRequestThatComesTooLateIsToldSo() throws Exception {
    StreamObserver<ModelInferRequest> infer = server.async().modelStreamInfer(tensors);
    infer.onNext(three("hold").setId("first").build());
    Held first = TestServer.take(server.inference.held);
    StreamObserver<EmbedRequest> embed = server.asyncEmbedding().embedStream(vectors);
    embed.onNext(embed("hold", "first"));
    Held other = TestServer.take(server.inference.held);
    CompletableFuture<Boolean> end = shutdownBegun();

    infer.onNext(three("echo").setId("late").build());
    embed.onNext(embed("echo", "late"));

    EmbedStreamResponse refused = TestServer.take(vectors.messages);
    assertThat(refused.getRequestId()).isEqualTo("late");
    assertThat(refused.getError().getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
    assertThat(refused.getError().getMessage()).contains("the server is shutting down");
    assertThat(refused.getError().getRetryAfterMs()).isPositive();
    // One connection carries both streams, so the other late request has been read as well.
    first.release().run();
    other.release().run();
    assertThat(nextId()).isEqualTo("first");
    ModelStreamInferResponse late = TestServer.take(tensors.messages);
    assertThat(late.getInferResponse().getId()).isEqualTo("late");
    assertThat(late.getErrorMessage()).contains("the server is shutting down");
    assertThat(finished(end)).isTrue();
    closedForShutdown(tensors);
    assertThat(server.inference.inferCalls).hasSize(1);
    assertThat(server.inference.embedCalls).hasSize(1);
  }

  @Test
  void aClientThatGoesOnSendingDoesNotHoldOffTheEnd() throws Exception {
    StreamObserver<EmbedRequest> embed = server.asyncEmbedding().embedStream(vectors);
    embed.onNext(embed("hold", "first"));
    Held first = TestServer.take(server.inference.held);
    CompletableFuture<Boolean> end = shutdownBegun();

    for (int i = 0; i < 10 * IN_FLIGHT; i++) {
      embed.onNext(embed("echo", "late"));
    }
    for (int i = 1; i < IN_FLIGHT; i++) {
      assertThat(TestServer.take(vectors.messages).hasError()).isTrue();
    }
    first.release().run();

    assertThat(finished(end)).isTrue();
    closedForShutdown(vectors);
    assertThat(TestServer.take(vectors.messages).getRequestId()).isEqualTo("first");
    assertThat(vectors.messages).isEmpty();
  }

  @Test
  void whereErrorsEndTheStreamALateRequestDoesNotEndItBeforeItsTime() throws Exception {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER), "true");
    StreamObserver<ModelInferRequest> infer =
        server
            .async()
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .modelStreamInfer(tensors);
    infer.onNext(three("hold").setId("first").build());
    Held first = TestServer.take(server.inference.held);
    StreamObserver<EmbedRequest> embed = server.asyncEmbedding().embedStream(vectors);
    embed.onNext(embed("hold", "other"));
    Held other = TestServer.take(server.inference.held);
    CompletableFuture<Boolean> end = shutdownBegun();

    infer.onNext(three("echo").setId("late").build());
    infer.onCompleted();
    embed.onNext(embed("echo", "late"));
    assertThat(TestServer.take(vectors.messages).hasError()).isTrue();
    first.release().run();
    other.release().run();

    assertThat(nextId()).isEqualTo("first");
    closedForShutdown(tensors);
    assertThat(tensors.messages).isEmpty();
    assertThat(finished(end)).isTrue();
    assertThat(server.inference.cancelled).isEmpty();
  }

  @Test
  void aStreamThatItsClientHasHalfClosedEndsWell() throws Exception {
    StreamObserver<ModelInferRequest> infer = server.async().modelStreamInfer(tensors);
    infer.onNext(three("hold").setId("first").build());
    infer.onCompleted();
    Held first = TestServer.take(server.inference.held);
    CompletableFuture<Boolean> end = shutdownBegun();
    first.release().run();

    assertThat(nextId()).isEqualTo("first");
    assertThat(TestServer.take(tensors.ends).isOk()).isTrue();
    assertThat(finished(end)).isTrue();
  }

  @Test
  void aStreamThatIsOpenedTooLateIsClosedToo() {
    OpenStreams streams = new OpenStreams();
    List<Problem> closed = new ArrayList<>();
    Problem reason = new Problem.Unavailable("shutting down", Duration.ofSeconds(1));
    OpenStreams.Closeable gone = closed::add;
    streams.add(gone);
    streams.remove(gone);
    streams.closeAll(reason);
    assertThat(closed).isEmpty();

    streams.add(closed::add);

    assertThat(closed).containsExactly(reason);
  }

  /** Streams are closed in the order of their opening: once this one is, all others are. */
  private CompletableFuture<Boolean> shutdownBegun() throws InterruptedException {
    StreamRecorder<EmbedRequest, EmbedStreamResponse> last = new StreamRecorder<>(true);
    StreamObserver<EmbedRequest> requests = server.asyncEmbedding().embedStream(last);
    requests.onNext(embed("nobody", "1"));
    assertThat(TestServer.take(last.messages).hasError()).isTrue();
    server.inference.embedCalls.removeIf(call -> call.model().name().equals("nobody"));
    CompletableFuture<Boolean> end = server.shutdown(GRACE);
    assertThat(TestServer.take(last.ends).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return end;
  }

  private String nextId() throws InterruptedException {
    ModelStreamInferResponse answer = TestServer.take(tensors.messages);
    assertThat(answer.getErrorMessage()).isEmpty();
    return answer.getInferResponse().getId();
  }

  private static boolean finished(CompletableFuture<Boolean> end) throws Exception {
    return end.get(60, TimeUnit.SECONDS);
  }

  private static void closedForShutdown(StreamRecorder<?, ?> stream)
      throws InterruptedException, InvalidProtocolBufferException {
    Status status = TestServer.take(stream.ends);
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("the server is shutting down");
    Throwable thrown = TestServer.take(stream.errors);
    Any retry =
        Objects.requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList().stream()
            .filter(detail -> detail.is(RetryInfo.class))
            .findFirst()
            .orElseThrow();
    assertThat(retry.unpack(RetryInfo.class).getRetryDelay().getSeconds()).isPositive();
  }
}
