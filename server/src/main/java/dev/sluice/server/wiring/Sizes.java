// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.server.config.ServerConfig;
import dev.sluice.server.config.TargetWait;
import dev.sluice.server.core.DeploymentSettings;
import dev.sluice.server.core.Limits;
import dev.sluice.server.core.SpecDefaults;
import dev.sluice.server.transport.admin.AdminSettings;
import dev.sluice.server.transport.grpc.ConnectionLimits;
import dev.sluice.server.transport.grpc.GrpcSettings;
import dev.sluice.server.transport.http.HttpSettings;
import java.time.Duration;
import java.util.Optional;

/** The configuration, in the terms of each part. */
final class Sizes {
  private static final int STREAM_IN_FLIGHT = 64;

  private Sizes() {}

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  static int encodeThreads(ServerConfig config) {
    return config.models().encodeThreads().orElse(Math.max(1, cores() / 2));
  }

  static SpecDefaults specDefaults(ServerConfig config) {
    ServerConfig.Models models = config.models();
    return new SpecDefaults(models.device(), models.lanes(), models.gpuMemory());
  }

  static Limits limits(ServerConfig config) {
    ServerConfig.Limits limits = config.limits();
    return new Limits(
        limits.maxInputsPerEmbedCall(),
        Math.max(limits.maxQueueRows(), limits.maxInputsPerEmbedCall()),
        limits.defaultDeadline(),
        limits.maxDeadline());
  }

  static DeploymentSettings deployment(ServerConfig config) {
    ServerConfig.Limits limits = config.limits();
    return new DeploymentSettings(
        limits.maxRowsPerInfer(),
        limits.maxBatchRows(),
        limits.maxBatchTokens(),
        limits.maxQueueRows(),
        limits.maxQueueTokens(),
        limits.maxQueueBytes(),
        model -> targetWait(config, model),
        config.batching().tenantWeights(),
        config.batching().maxTenantShare());
  }

  /** The wait from which on the model's queue is an overload, unless its own files say. */
  static Optional<Duration> targetWait(ServerConfig config, String model) {
    return switch (config.batching().targetWait()) {
      case TargetWait.ByObjectives any -> config.slo().targetWait(model);
      case TargetWait.Never never -> Optional.empty();
      case TargetWait.Fixed fixed -> Optional.of(fixed.time());
    };
  }

  static HttpSettings http(ServerConfig config) {
    ServerConfig.Http http = config.http();
    return new HttpSettings(
        http.maxBodyBytes(),
        http.maxBufferedBytes(),
        http.maxHeaderBytes(),
        http.maxRequestLine(),
        http.headerTimeout(),
        http.bodyTimeout(),
        http.minBodyRate(),
        http.idleTimeout(),
        http.maxConnections(),
        http.maxConcurrentRequestsPerConnection(),
        http.maxRstFrames(),
        http.rstFramesWindow(),
        http.maxControlFrames(),
        http.maxPipelinedRequests(),
        config.limits().maxTensorsPerCall(),
        config.limits().maxInputsPerEmbedCall(),
        http.corsOrigins(),
        http.eventLoopThreads().orElse(0));
  }

  static AdminSettings admin(ServerConfig config) {
    ServerConfig.Admin admin = config.admin();
    return new AdminSettings(
        admin.maxRequestLine(),
        admin.maxHeaderBytes(),
        admin.maxBodyBytes(),
        admin.maxConnections(),
        admin.stepTimeout());
  }

  static GrpcSettings grpc(ServerConfig config) {
    ServerConfig.Grpc grpc = config.grpc();
    return new GrpcSettings(
        grpc.maxMessageBytes(),
        grpc.maxMetadataBytes(),
        config.limits().maxTensorsPerCall(),
        config.limits().maxInputsPerEmbedCall(),
        STREAM_IN_FLIGHT,
        grpc.eventLoopThreads().orElse(0),
        connections(grpc));
  }

  private static ConnectionLimits connections(ServerConfig.Grpc grpc) {
    ConnectionLimits defaults = ConnectionLimits.defaults();
    return new ConnectionLimits(
        grpc.maxConcurrentCallsPerConnection(),
        grpc.handshakeTimeout(),
        grpc.maxConnectionIdle(),
        grpc.maxConnectionAge(),
        grpc.maxConnectionAgeGrace(),
        defaults.keepAliveTime(),
        defaults.keepAliveTimeout(),
        grpc.permitKeepAlive(),
        defaults.permitKeepAliveWithoutCalls(),
        grpc.flowControlWindow(),
        grpc.maxRstFrames(),
        grpc.rstFramesWindow());
  }
}
