// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.server.slo.Objectives;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that the operator chose, judged and immutable. {@link Settings} says what each value
 * means; an empty {@code OptionalInt} is {@code auto}.
 */
public record ServerConfig(
    Network network,
    Http http,
    Grpc grpc,
    Admin admin,
    Limits limits,
    Batching batching,
    Models models,
    VariantSettings variants,
    Lifecycle lifecycle,
    Telemetry telemetry,
    Objectives slo,
    Log logging) {

  /** What is served with no file, no variable and no flag. */
  public static ServerConfig defaults() {
    return from(new Values(), Objectives.NONE);
  }

  static ServerConfig from(Values values, Objectives slo) {
    return new ServerConfig(
        Network.from(values),
        Http.from(values),
        Grpc.from(values),
        Admin.from(values),
        Limits.from(values),
        Batching.from(values),
        Models.from(values),
        VariantTable.from(values),
        Lifecycle.from(values),
        Telemetry.from(values),
        slo,
        Log.from(values));
  }

  /** Where the server listens. */
  public record Network(String host, int httpPort, int grpcPort, int adminPort) {
    private static Network from(Values values) {
      return new Network(
          values.get(Settings.HOST),
          values.get(Settings.HTTP_PORT),
          values.get(Settings.GRPC_PORT),
          values.get(Settings.ADMIN_PORT));
    }

    /** Whether only this machine can reach the server. */
    public boolean loopback() {
      return host.equals("localhost")
          || host.equals("::1")
          || host.matches("127(\\.[0-9]{1,3}){3}");
    }
  }

  /** What HTTP connections may do. */
  public record Http(
      int maxBodyBytes,
      long maxBufferedBytes,
      int maxHeaderBytes,
      int maxRequestLine,
      Duration headerTimeout,
      Duration bodyTimeout,
      int minBodyRate,
      Duration idleTimeout,
      int maxConnections,
      int maxConcurrentRequestsPerConnection,
      int maxRstFrames,
      Duration rstFramesWindow,
      int maxControlFrames,
      int maxPipelinedRequests,
      List<String> corsOrigins,
      OptionalInt eventLoopThreads) {
    private static Http from(Values values) {
      return new Http(
          Math.toIntExact(values.get(Settings.HTTP_MAX_BODY)),
          values.get(Settings.HTTP_MAX_BUFFERED),
          Math.toIntExact(values.get(Settings.HTTP_MAX_HEADER)),
          Math.toIntExact(values.get(Settings.HTTP_MAX_REQUEST_LINE)),
          values.get(Settings.HTTP_HEADER_TIMEOUT),
          values.get(Settings.HTTP_BODY_TIMEOUT),
          Math.toIntExact(values.get(Settings.HTTP_MIN_BODY_RATE)),
          values.get(Settings.HTTP_IDLE_TIMEOUT),
          values.get(Settings.HTTP_MAX_CONNECTIONS),
          values.get(Settings.HTTP_MAX_CONCURRENT_REQUESTS),
          values.get(Settings.HTTP_MAX_RESET_FRAMES),
          values.get(Settings.HTTP_RESET_FRAMES_WINDOW),
          values.get(Settings.HTTP_MAX_CONTROL_FRAMES),
          values.get(Settings.HTTP_MAX_PIPELINED),
          values.get(Settings.HTTP_CORS_ORIGINS),
          values.get(Settings.HTTP_EVENT_LOOP_THREADS));
    }
  }

  /** What one gRPC connection may do. */
  public record Grpc(
      int maxMessageBytes,
      int maxMetadataBytes,
      int maxConcurrentCallsPerConnection,
      Duration permitKeepAlive,
      int maxRstFrames,
      Duration rstFramesWindow,
      Duration handshakeTimeout,
      Duration maxConnectionIdle,
      Duration maxConnectionAge,
      Duration maxConnectionAgeGrace,
      int flowControlWindow,
      OptionalInt eventLoopThreads) {
    private static Grpc from(Values values) {
      return new Grpc(
          Math.toIntExact(values.get(Settings.MAX_MESSAGE)),
          Math.toIntExact(values.get(Settings.MAX_METADATA)),
          values.get(Settings.MAX_CONCURRENT_CALLS),
          values.get(Settings.PERMIT_KEEPALIVE),
          values.get(Settings.MAX_RESET_FRAMES),
          values.get(Settings.RESET_FRAMES_WINDOW),
          values.get(Settings.HANDSHAKE_TIMEOUT),
          values.get(Settings.MAX_CONNECTION_IDLE),
          values.get(Settings.MAX_CONNECTION_AGE),
          values.get(Settings.MAX_CONNECTION_AGE_GRACE),
          Math.toIntExact(values.get(Settings.FLOW_CONTROL_WINDOW)),
          values.get(Settings.EVENT_LOOP_THREADS));
    }
  }

  /** What connections of the admin port may do. */
  public record Admin(
      int maxRequestLine,
      int maxHeaderBytes,
      int maxBodyBytes,
      int maxConnections,
      Duration stepTimeout) {
    private static Admin from(Values values) {
      return new Admin(
          Math.toIntExact(values.get(Settings.ADMIN_MAX_REQUEST_LINE)),
          Math.toIntExact(values.get(Settings.ADMIN_MAX_HEADER)),
          Math.toIntExact(values.get(Settings.ADMIN_MAX_BODY)),
          values.get(Settings.ADMIN_MAX_CONNECTIONS),
          values.get(Settings.ADMIN_STEP_TIMEOUT));
    }
  }

  /** How much one call, one queue and one batch may hold. */
  public record Limits(
      int maxInputsPerEmbedCall,
      int maxRowsPerInfer,
      int maxTensorsPerCall,
      int maxQueueRows,
      long maxQueueTokens,
      long maxQueueBytes,
      int maxBatchRows,
      long maxBatchTokens,
      Optional<Duration> defaultDeadline,
      Duration maxDeadline) {
    private static Limits from(Values values) {
      return new Limits(
          values.get(Settings.MAX_INPUTS_PER_EMBED_CALL),
          values.get(Settings.MAX_ROWS_PER_INFER),
          values.get(Settings.MAX_TENSORS_PER_CALL),
          values.get(Settings.MAX_QUEUE_ROWS),
          values.get(Settings.MAX_QUEUE_TOKENS),
          values.get(Settings.MAX_QUEUE_BYTES),
          values.get(Settings.MAX_BATCH_ROWS),
          values.get(Settings.MAX_BATCH_TOKENS),
          values.get(Settings.DEFAULT_DEADLINE),
          values.get(Settings.MAX_DEADLINE));
    }
  }

  /** Who is served when more is asked than can be done. */
  public record Batching(
      TargetWait targetWait, Map<String, Integer> tenantWeights, double maxTenantShare) {
    public Batching {
      tenantWeights = Map.copyOf(tenantWeights);
    }

    private static Batching from(Values values) {
      return new Batching(
          values.get(Settings.TARGET_WAIT),
          values.get(Settings.TENANT_WEIGHTS),
          values.get(Settings.MAX_TENANT_SHARE));
    }
  }

  /** Which models, and how they are loaded and run; an empty watch interval is off. */
  public record Models(
      List<Path> repositories,
      Optional<Duration> watchInterval,
      boolean loadProbe,
      Duration loadProbeTimeLimit,
      long loadProbeMemoryBytes,
      boolean allowTorchscript,
      DeviceChoice device,
      CardMemory gpuMemory,
      OptionalInt lanes,
      OptionalInt encodeThreads,
      Path cacheDirectory,
      boolean optimize,
      long maxDerivedBytes) {
    private static Models from(Values values) {
      return new Models(
          values.get(Settings.REPOSITORIES),
          values.get(Settings.WATCH_INTERVAL),
          values.get(Settings.LOAD_PROBE),
          values.get(Settings.LOAD_PROBE_TIME_LIMIT),
          values.get(Settings.LOAD_PROBE_MEMORY),
          values.get(Settings.ALLOW_TORCHSCRIPT),
          values.get(Settings.DEVICE),
          values.get(Settings.GPU_MEMORY),
          values.get(Settings.LANES),
          values.get(Settings.ENCODE_THREADS),
          values.get(Settings.CACHE_DIRECTORY),
          values.get(Settings.OPTIMIZE),
          values.get(Settings.MAX_DERIVED_BYTES));
    }
  }

  /** How the server stops. */
  public record Lifecycle(Duration drainLimit, Duration drainDelay) {
    private static Lifecycle from(Values values) {
      return new Lifecycle(values.get(Settings.DRAIN_LIMIT), values.get(Settings.DRAIN_DELAY));
    }
  }

  /** What is measured; no file is none to write. */
  public record Telemetry(Duration interval, Optional<Path> hlogFile) {
    private static Telemetry from(Values values) {
      return new Telemetry(values.get(Settings.TELEMETRY_INTERVAL), values.get(Settings.HLOG_FILE));
    }
  }

  /** What is logged; of the requests that were answered, that share. */
  public record Log(
      LogLevel level,
      LogFormat format,
      double requestSample,
      int requestFailuresPerSecond,
      boolean requestTexts) {
    private static Log from(Values values) {
      return new Log(
          values.get(Settings.LOG_LEVEL),
          values.get(Settings.LOG_FORMAT),
          values.get(Settings.LOG_REQUEST_SAMPLE),
          values.get(Settings.LOG_REQUEST_FAILURES),
          values.get(Settings.LOG_REQUEST_TEXTS));
    }
  }
}
