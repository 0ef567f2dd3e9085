// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.models.rewrite.CardModels;
import dev.sluice.models.testing.EmulatedCard;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code sluice serve} on an emulated card, with one small encoder, and a client of it. */
final class CardServer implements AutoCloseable {
  static final String MODEL = "tiny";

  private final ServeProcess process;
  private final int httpPort;
  private final int grpcPort;
  private final int adminPort;
  private final ManagedChannel channel;
  private final HttpClient http = HttpClient.newHttpClient();

  private CardServer(ServeProcess process, int httpPort, int grpcPort, int adminPort) {
    this.process = process;
    this.httpPort = httpPort;
    this.grpcPort = grpcPort;
    this.adminPort = adminPort;
    this.channel = TestServer.newChannel(grpcPort);
  }

  /**
   * Not ready yet.
   *
   * @param faults of the emulated driver
   */
  static CardServer start(Path folder, String faults, String... flags) throws Exception {
    Path repository = Files.createDirectories(folder.resolve("models"));
    CardModels.write(repository.resolve(MODEL));
    Map<String, String> variables = new HashMap<>(EmulatedCard.environment(faults));
    // Tried once is enough here: the card is in no danger.
    variables.put("SLUICE_MODELS_LOAD_PROBE", "false");
    variables.put("SLUICE_MODELS_WATCH_INTERVAL", "off");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--grpc-port",
                "0",
                "--cache-directory",
                TestServer.CACHE.toString(),
                "--model-repository",
                repository.toString()));
    arguments.addAll(Arrays.asList(flags));
    ServeProcess process = ServeProcess.start(folder, variables, arguments.toArray(String[]::new));
    try {
      return new CardServer(
          process,
          process.awaitPort("HTTP listens on "),
          process.awaitPort("gRPC listens on "),
          process.awaitPort("metrics and admin on "));
    } catch (Exception | AssertionError failed) {
      process.close();
      throw failed;
    }
  }

  /** What the same encoder answers on the CPU. */
  static float[][] onCpu(Path repository, EmbedRequest request) throws Exception {
    CardModels.write(repository.resolve(MODEL));
    Map<String, String> settings =
        Map.of(
            "SLUICE_MODELS_REPOSITORIES",
            repository.toString(),
            "SLUICE_MODELS_DEVICE",
            "cpu",
            "SLUICE_MODELS_LOAD_PROBE",
            "false");
    try (TestServer server = TestServer.start(settings)) {
      return Vectors.of(server.embeddings().embed(request));
    }
  }

  ServeProcess process() {
    return process;
  }

  int grpcPort() {
    return grpcPort;
  }

  EmbeddingServiceGrpc.EmbeddingServiceBlockingStub embeddings() {
    return EmbeddingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  EmbeddingServiceGrpc.EmbeddingServiceFutureStub embeddingsLater() {
    return EmbeddingServiceGrpc.newFutureStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub inference() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** By the standard protocol; of the whole server where the name is empty. */
  ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(httpPort, path, HttpRequest.newBuilder().GET());
  }

  HttpResponse<String> admin(String path) throws Exception {
    return send(adminPort, path, HttpRequest.newBuilder().GET());
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        httpPort,
        path,
        HttpRequest.newBuilder()
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpResponse<String> send(int port, String path, HttpRequest.Builder request)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(request.uri(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    http.shutdownNow();
    process.close();
  }
}
