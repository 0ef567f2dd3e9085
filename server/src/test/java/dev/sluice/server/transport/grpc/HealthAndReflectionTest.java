// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.core.ModelStatus.State;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HealthAndReflectionTest {
  private static final String[] SERVICES = {
    "inference.GRPCInferenceService",
    "sluice.v1.EmbeddingService",
    "sluice.v1.SloService",
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection"
  };

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(server.channel)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private StreamRecorder<HealthCheckRequest, HealthCheckResponse> watch(String service) {
    StreamRecorder<HealthCheckRequest, HealthCheckResponse> watcher = new StreamRecorder<>(true);
    HealthGrpc.newStub(server.channel)
        .watch(HealthCheckRequest.newBuilder().setService(service).build(), watcher);
    return watcher;
  }

  private static ServingStatus next(StreamRecorder<HealthCheckRequest, HealthCheckResponse> watcher)
      throws Exception {
    return TestServer.take(watcher.messages).getStatus();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "inference.GRPCInferenceService", "sluice.v1.EmbeddingService"})
  void theServersHealthFollowsTheCatalog(String service) {
    assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    server.catalog.setReady(false);
    assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
    server.catalog.setReady(true);
    assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    server.server.beginDrain();
    assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
    server.catalog.setReady(true);
    assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
  }

  @Test
  void modelsHaveAHealthOfTheirOwn() {
    assertThat(check("model/echo")).isEqualTo(ServingStatus.SERVING);
    assertThat(check("model/echo/2")).isEqualTo(ServingStatus.SERVING);
    assertThat(check("model/cold")).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(check("model/cold/1")).isEqualTo(ServingStatus.NOT_SERVING);
    TestServer.error(Status.Code.NOT_FOUND, () -> check("model/echo/9"));
    TestServer.error(Status.Code.NOT_FOUND, () -> check("model/nobody"));
    TestServer.error(Status.Code.NOT_FOUND, () -> check("nothing"));
  }

  @Test
  void aWatchSeesEveryTransition() throws Exception {
    var watcher = watch("model/echo");
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVING);
    server.catalog.setState("echo", State.UNLOADING);
    assertThat(next(watcher)).isEqualTo(ServingStatus.NOT_SERVING);
    server.catalog.setState("echo", State.READY);
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVING);
    server.catalog.remove("echo");
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    TestServer.error(Status.Code.NOT_FOUND, () -> check("model/echo/2"));
  }

  @Test
  void aWatchOfTheUnknownWaitsForIt() throws Exception {
    var watcher = watch("model/new");
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    server.catalog.setState("new", State.LOADING);
    assertThat(next(watcher)).isEqualTo(ServingStatus.NOT_SERVING);
    server.catalog.setState("new", State.READY);
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void aDrainIsSeenByWatchesAndDoesNotWaitForThem() throws Exception {
    var watcher = watch("");
    assertThat(next(watcher)).isEqualTo(ServingStatus.SERVING);
    server.server.beginDrain();
    assertThat(next(watcher)).isEqualTo(ServingStatus.NOT_SERVING);
    assertThat(server.server.shutdown(Duration.ofDays(1))).isTrue();
    assertThat(TestServer.take(watcher.ends).isOk()).isFalse();
  }

  @Test
  void reflectionListsTheServices() throws Exception {
    StreamRecorder<ServerReflectionRequest, ServerReflectionResponse> answers =
        new StreamRecorder<>(true);
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(server.channel).serverReflectionInfo(answers);
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onNext(
        ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("inference.GRPCInferenceService")
            .build());
    requests.onCompleted();

    assertThat(
            TestServer.take(answers.messages).getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName))
        .containsExactlyInAnyOrder(SERVICES);
    assertThat(
            TestServer.take(answers.messages)
                .getFileDescriptorResponse()
                .getFileDescriptorProtoCount())
        .isPositive();
  }

  @Test
  @SuppressWarnings("deprecation") // what older clients use
  void reflectionByItsOldNameListsTheServices() throws Exception {
    StreamRecorder<
            io.grpc.reflection.v1alpha.ServerReflectionRequest,
            io.grpc.reflection.v1alpha.ServerReflectionResponse>
        answers = new StreamRecorder<>(true);
    StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> requests =
        io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(server.channel)
            .serverReflectionInfo(answers);
    requests.onNext(
        io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
            .setListServices("")
            .build());
    requests.onCompleted();

    assertThat(
            TestServer.take(answers.messages).getListServicesResponse().getServiceList().stream()
                .map(io.grpc.reflection.v1alpha.ServiceResponse::getName))
        .containsExactlyInAnyOrder(SERVICES);
  }
}
