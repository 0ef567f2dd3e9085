// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** A server that ends while requests are under way. */
final class DrainUnderLoadTest {
  /** Several times, as what must not happen is a matter of moments. */
  @RepeatedTest(5)
  void everythingAcceptedIsAnsweredAndNothingElseFails() throws Exception {
    try (TestServer server = TestServer.embedded();
        Load load = new Load(server.server().grpcPort(), 8, Vectors.texts("some", "texts here"))) {
      load.awaitUnderWay();
      assertThat(server.drain()).isTrue();
      load.stop();
      // A caller that comes after the end is turned away at its connection; nobody is cut off.
      assertThat(load.failures())
          .allSatisfy(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE));
      assertThat(load.failures()).hasSizeLessThanOrEqualTo(8);
    }
  }

  @Test
  void aCallThatIsRunningWhenTheDrainBeginsGetsItsAnswer() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      CompletableFuture<EmbedResponse> answer = new CompletableFuture<>();
      String[] texts = new String[400];
      java.util.Arrays.fill(texts, "a text that takes the model a little while to get through");
      EmbeddingServiceGrpc.newStub(server.channel()).embed(Vectors.texts(texts), into(answer));
      // Answered behind the large call's arrival: it has been accepted by now.
      server.embeddings().embed(Vectors.texts("a"));
      assertThat(server.drain()).isTrue();
      assertThat(answer.get(60, TimeUnit.SECONDS).getCount()).isEqualTo(400);
    }
  }

  @Test
  void healthSaysNotServingAsSoonAsTheDrainBegins() throws Exception {
    try (TestServer server = TestServer.embedded()) {
      List<HealthCheckResponse.ServingStatus> seen = new CopyOnWriteArrayList<>();
      CountDownLatch serving = new CountDownLatch(1);
      CountDownLatch ended = new CountDownLatch(1);
      HealthGrpc.newStub(server.channel())
          .watch(
              HealthCheckRequest.getDefaultInstance(),
              new StreamObserver<>() {
                @Override
                public void onNext(HealthCheckResponse response) {
                  seen.add(response.getStatus());
                  serving.countDown();
                }

                @Override
                public void onError(Throwable thrown) {
                  ended.countDown();
                }

                @Override
                public void onCompleted() {
                  ended.countDown();
                }
              });
      assertThat(serving.await(30, TimeUnit.SECONDS)).isTrue();
      server.drain();
      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(seen)
          .containsExactly(
              HealthCheckResponse.ServingStatus.SERVING,
              HealthCheckResponse.ServingStatus.NOT_SERVING);
    }
  }

  private static <T> StreamObserver<T> into(CompletableFuture<T> future) {
    return new StreamObserver<>() {
      @Override
      public void onNext(T value) {
        future.complete(value);
      }

      @Override
      public void onError(Throwable thrown) {
        future.completeExceptionally(thrown);
      }

      @Override
      public void onCompleted() {}
    };
  }
}
