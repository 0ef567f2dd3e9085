// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import dev.sluice.batching.NanoClock;
import dev.sluice.models.derive.VariantMaker;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.server.config.ConfigException;
import dev.sluice.server.config.ConfigLoader;
import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.wiring.SluiceServer;
import dev.sluice.server.wiring.Surroundings;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A whole server on a free port, and a channel to it. */
final class TestServer implements AutoCloseable {
  /** Kept between tests, as a user's cache is kept between starts. */
  static final Path CACHE = Path.of("target", "sluice-cache").toAbsolutePath();

  private final SluiceServer server;
  private final ManagedChannel channel;
  private boolean drained;

  private TestServer(SluiceServer server) {
    this.server = server;
    this.channel = newChannel(server.grpcPort());
  }

  /** Serves the embedded model. */
  static TestServer embedded() throws Exception {
    return start(Map.of());
  }

  /** Serves a repository, looked at often enough to test changes. */
  static TestServer repository(Path directory) throws Exception {
    return start(
        Map.of(
            "SLUICE_MODELS_REPOSITORIES",
            directory.toString(),
            "SLUICE_MODELS_WATCH_INTERVAL",
            "100ms"));
  }

  static TestServer start(Map<String, String> settings) throws Exception {
    return start(Optional.empty(), settings, Surroundings.REAL);
  }

  static TestServer start(
      Optional<Path> configFile, Map<String, String> settings, Surroundings surroundings)
      throws Exception {
    SluiceServer server = SluiceServer.start(config(configFile, settings), settings, surroundings);
    server.load().get(120, TimeUnit.SECONDS);
    return new TestServer(server);
  }

  /** With objectives, whose windows are on that clock. */
  static TestServer start(Path configFile, NanoClock judgeClock) throws Exception {
    return start(Optional.of(configFile), Map.of(), Surroundings.REAL.judgedBy(judgeClock));
  }

  /** With variants from that maker, and brownouts on that clock. */
  static TestServer start(Map<String, String> settings, NanoClock judgeClock, VariantMaker maker)
      throws Exception {
    return start(Optional.empty(), settings, Surroundings.REAL.judgedBy(judgeClock).with(maker));
  }

  static TestServer start(
      Path configFile, Map<String, String> settings, NanoClock judgeClock, VariantMaker maker)
      throws Exception {
    return start(
        Optional.of(configFile), settings, Surroundings.REAL.judgedBy(judgeClock).with(maker));
  }

  /** Listens, and never loads anything. */
  static TestServer withoutModels(Map<String, String> settings) throws Exception {
    return new TestServer(SluiceServer.start(config(settings), settings));
  }

  static ServerConfig config(Map<String, String> settings) throws ConfigException {
    return config(Optional.empty(), settings);
  }

  private static ServerConfig config(Optional<Path> file, Map<String, String> settings)
      throws ConfigException {
    Map<String, String> environment = new HashMap<>(settings);
    environment.putIfAbsent("SLUICE_NETWORK_GRPC_PORT", "0");
    environment.putIfAbsent("SLUICE_NETWORK_HTTP_PORT", "0");
    environment.putIfAbsent("SLUICE_NETWORK_ADMIN_PORT", "0");
    environment.putIfAbsent("SLUICE_MODELS_CACHE_DIRECTORY", CACHE.toString());
    // So that no answer depends on which test ran before; OptimizedModelTest has it on.
    environment.putIfAbsent("SLUICE_MODELS_OPTIMIZE", "false");
    return ConfigLoader.load(file, environment, Map.of()).config();
  }

  static ManagedChannel newChannel(int port) {
    return Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
  }

  SluiceServer server() {
    return server;
  }

  ManagedChannel channel() {
    return channel;
  }

  EmbeddingServiceGrpc.EmbeddingServiceBlockingStub embeddings() {
    return EmbeddingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub inference() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  /** Drains once; a second call, or the close that follows, does nothing. */
  boolean drain() throws InterruptedException {
    if (drained) {
      return true;
    }
    drained = true;
    return server.drain();
  }

  @Override
  public void close() throws IOException {
    channel.shutdownNow();
    try {
      drain();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
