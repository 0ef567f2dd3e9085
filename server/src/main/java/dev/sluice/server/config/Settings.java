// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static dev.sluice.server.config.ValueTypes.count;
import static dev.sluice.server.config.ValueTypes.countOrAuto;
import static dev.sluice.server.config.ValueTypes.duration;
import static dev.sluice.server.config.ValueTypes.durationOr;
import static dev.sluice.server.config.ValueTypes.flag;
import static dev.sluice.server.config.ValueTypes.size;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.FormingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The one table of settings. Flags, the file reader, environment variables, the printout and the
 * help texts are all made from it; {@link ServerConfig} holds the values.
 */
public final class Settings {
  private static final List<Setting<?>> TABLE = new ArrayList<>();

  static final Setting<String> HOST =
      add("network.host", "--host", ValueTypes.host(), "127.0.0.1", "address to listen on");
  static final Setting<Integer> GRPC_PORT =
      add(
          "network.grpc-port",
          "--grpc-port",
          count(0, 65535),
          8001,
          "gRPC port; 0 for any free one");
  static final Setting<Integer> ADMIN_PORT =
      add(
          "network.admin-port",
          "--admin-port",
          count(0, 65535),
          8002,
          "port for metrics and the operator; 0 for any free one");

  static final Setting<Integer> HTTP_PORT =
      add(
          "network.http-port",
          "--http-port",
          count(0, 65535),
          8000,
          "HTTP port; 0 for any free one");

  static final Setting<Long> HTTP_MAX_BODY =
      http("max-body-bytes", size("1KiB", "2047MiB"), 64L << 20, "largest request body taken");
  static final Setting<Long> HTTP_MAX_BUFFERED =
      http(
          "max-buffered-bytes",
          size("1MiB", "1024GiB"),
          512L << 20,
          "requests and answers in memory at one time");
  static final Setting<Long> HTTP_MAX_HEADER =
      http("max-header-bytes", size("1KiB", "1MiB"), 8L << 10, "largest headers taken");
  static final Setting<Long> HTTP_MAX_REQUEST_LINE =
      http("max-request-line", size("256B", "64KiB"), 4L << 10, "longest request line taken");
  static final Setting<Duration> HTTP_HEADER_TIMEOUT =
      http(
          "header-timeout",
          duration("100ms", "10m"),
          Duration.ofSeconds(5),
          "time a request has to send its headers");
  static final Setting<Duration> HTTP_BODY_TIMEOUT =
      http(
          "body-timeout",
          duration("100ms", "1h"),
          Duration.ofSeconds(30),
          "time a body, in or out, may take beside what its rate earns");
  static final Setting<Long> HTTP_MIN_BODY_RATE =
      http("min-body-rate", size("1B", "1GiB"), 1024L, "bytes per second that earn more time");
  static final Setting<Duration> HTTP_IDLE_TIMEOUT =
      http(
          "idle-timeout",
          duration("1s", "24h"),
          Duration.ofMinutes(5),
          "a connection without requests is closed after this");
  static final Setting<Integer> HTTP_MAX_CONNECTIONS =
      http("max-connections", count(1, 1_000_000), 10_000, "connections at one time");
  static final Setting<Integer> HTTP_MAX_CONCURRENT_REQUESTS =
      http(
          "max-concurrent-requests-per-connection",
          count(1, 100_000),
          256,
          "requests in flight on one HTTP/2 connection");
  static final Setting<Integer> HTTP_MAX_RESET_FRAMES =
      http("max-reset-frames", count(1, 1_000_000), 200, "stream resets allowed per window");
  static final Setting<Duration> HTTP_RESET_FRAMES_WINDOW =
      http(
          "reset-frames-window",
          duration("1s", "1h"),
          Duration.ofSeconds(30),
          "the window in which resets and control frames are counted");
  static final Setting<Integer> HTTP_MAX_CONTROL_FRAMES =
      http(
          "max-control-frames",
          count(1, 1_000_000),
          1_000,
          "pings, settings and the like allowed per window of an HTTP/2 connection");
  static final Setting<Integer> HTTP_MAX_PIPELINED =
      http(
          "max-pipelined-requests",
          count(1, 10_000),
          128,
          "requests that may wait on one HTTP/1.1 connection");
  static final Setting<List<String>> HTTP_CORS_ORIGINS =
      http(
          "cors-origins",
          ValueTypes.origins(64),
          List.of(),
          "web pages of which origins may read answers; * for all");
  static final Setting<OptionalInt> HTTP_EVENT_LOOP_THREADS =
      http("event-loop-threads", countOrAuto(1024), OptionalInt.empty(), "threads for sockets");

  static final Setting<Long> MAX_MESSAGE =
      grpc("max-message-bytes", size("1KiB", "2047MiB"), 64L << 20, "largest message taken");
  static final Setting<Long> MAX_METADATA =
      grpc("max-metadata-bytes", size("1KiB", "1MiB"), 8L << 10, "largest header block taken");
  static final Setting<Integer> MAX_CONCURRENT_CALLS =
      grpc(
          "max-concurrent-calls-per-connection",
          count(1, 100_000),
          256,
          "calls in flight on one connection");
  static final Setting<Duration> PERMIT_KEEPALIVE =
      grpc(
          "permit-keepalive",
          duration("100ms", "1h"),
          Duration.ofSeconds(10),
          "pings that come faster than this close the connection");
  static final Setting<Integer> MAX_RESET_FRAMES =
      grpc("max-reset-frames", count(1, 1_000_000), 200, "stream resets allowed per window");
  static final Setting<Duration> RESET_FRAMES_WINDOW =
      grpc(
          "reset-frames-window",
          duration("1s", "1h"),
          Duration.ofSeconds(30),
          "the window in which resets are counted");
  static final Setting<Duration> HANDSHAKE_TIMEOUT =
      grpc(
          "handshake-timeout",
          duration("100ms", "10m"),
          Duration.ofSeconds(10),
          "time a new connection has to say hello");
  static final Setting<Duration> MAX_CONNECTION_IDLE =
      grpc(
          "max-connection-idle",
          duration("1s", "24h"),
          Duration.ofMinutes(5),
          "a connection without calls is closed after this");
  static final Setting<Duration> MAX_CONNECTION_AGE =
      grpc(
          "max-connection-age",
          duration("1s", "24h"),
          Duration.ofMinutes(30),
          "clients are asked to reconnect after this");
  static final Setting<Duration> MAX_CONNECTION_AGE_GRACE =
      grpc(
          "max-connection-age-grace",
          duration("0s", "1h"),
          Duration.ofSeconds(30),
          "time calls have to finish on an aged connection");
  static final Setting<Long> FLOW_CONTROL_WINDOW =
      grpc("flow-control-window", size("64KiB", "1GiB"), 1L << 20, "HTTP/2 window per stream");
  static final Setting<OptionalInt> EVENT_LOOP_THREADS =
      grpc("event-loop-threads", countOrAuto(1024), OptionalInt.empty(), "threads for sockets");

  static final Setting<Long> ADMIN_MAX_REQUEST_LINE =
      admin("max-request-line", size("256B", "64KiB"), 4L << 10, "longest request line taken");
  static final Setting<Long> ADMIN_MAX_HEADER =
      admin("max-header-bytes", size("1KiB", "1MiB"), 8L << 10, "largest headers taken");
  static final Setting<Long> ADMIN_MAX_BODY =
      admin("max-body-bytes", size("256B", "1MiB"), 1L << 10, "largest request body taken");
  static final Setting<Integer> ADMIN_MAX_CONNECTIONS =
      admin("max-connections", count(1, 100_000), 64, "connections at one time");
  static final Setting<Duration> ADMIN_STEP_TIMEOUT =
      admin(
          "step-timeout",
          duration("100ms", "1h"),
          Duration.ofSeconds(75),
          "time for a request to come, for an answer to go, and between the two");

  static final Setting<Integer> MAX_INPUTS_PER_EMBED_CALL =
      limit("max-inputs-per-embed-call", count(1, 1_000_000), 2048, "texts in one embed call");
  static final Setting<Integer> MAX_ROWS_PER_INFER =
      limit("max-rows-per-infer", count(1, 1_000_000), 1024, "rows in one tensor call");
  static final Setting<Integer> MAX_TENSORS_PER_CALL =
      limit("max-tensors-per-call", count(1, 10_000), 128, "input tensors in one call");
  static final Setting<Integer> MAX_QUEUE_ROWS =
      limit("max-queue-rows", count(1, 10_000_000), 4096, "rows that may wait per model");
  static final Setting<Long> MAX_QUEUE_TOKENS =
      limit(
          "max-queue-tokens",
          ValueTypes.longCount(1, 1_000_000_000_000L),
          1L << 20,
          "tokens that may wait per model");
  static final Setting<Long> MAX_QUEUE_BYTES =
      limit(
          "max-queue-bytes", size("1MiB", "1024GiB"), 512L << 20, "bytes that may wait per model");
  static final Setting<Integer> MAX_BATCH_ROWS =
      limit("max-batch-rows", count(1, 65_536), 32, "rows of one batch");
  static final Setting<Long> MAX_BATCH_TOKENS =
      limit(
          "max-batch-tokens",
          ValueTypes.longCount(1, 1_000_000_000L),
          16_384L,
          "padded tokens of one batch");
  static final Setting<Optional<Duration>> DEFAULT_DEADLINE =
      limit(
          "default-deadline",
          durationOr("none", "1ms", "24h"),
          Optional.empty(),
          "deadline of calls that bring none");
  static final Setting<Duration> MAX_DEADLINE =
      limit(
          "max-deadline",
          duration("1ms", "24h"),
          Duration.ofMinutes(10),
          "no call may wait longer, whatever it asks for");

  static final Setting<TargetWait> TARGET_WAIT =
      batching(
          "target-wait",
          ValueTypes.targetWait("1ms", "1h"),
          TargetWait.BY_OBJECTIVES,
          "refuse rather than let a queue stand longer than this");
  static final Setting<Map<String, Integer>> TENANT_WEIGHTS =
      batching(
          "tenant-weights",
          TenantWeights.type(
              FormingSettings.MAX_WEIGHED_TENANTS, FormingSettings.MAX_TENANT_WEIGHT),
          Map.of(),
          "tenants that get another share than the others, whose weight is 1");
  static final Setting<Double> MAX_TENANT_SHARE =
      batching(
          "max-tenant-share",
          ValueTypes.shareAboveZero(),
          1.0,
          "the part of a queue that one tenant may fill");

  static final Setting<List<Path>> REPOSITORIES =
      models(
          "repositories",
          "--model-repository",
          ValueTypes.paths(64),
          List.of(),
          "folder whose sub-folders are models (repeatable)");
  static final Setting<Optional<Duration>> WATCH_INTERVAL =
      models(
          "watch-interval",
          "--model-watch-interval",
          durationOr("off", "100ms", "1h"),
          Optional.of(Duration.ofSeconds(2)),
          "how often the folders are looked at for changes");
  static final Setting<Boolean> LOAD_PROBE =
      models(
          "load-probe",
          "--model-load-probe",
          flag(),
          true,
          "try each new model in a process of its own first");
  static final Setting<Duration> LOAD_PROBE_TIME_LIMIT =
      models(
          "load-probe-time-limit",
          "--model-load-probe-time-limit",
          duration("1s", "1h"),
          Duration.ofMinutes(2),
          "a model that loads slower is refused");
  static final Setting<Long> LOAD_PROBE_MEMORY =
      models(
          "load-probe-memory",
          "--model-load-probe-memory",
          size("256MiB", "1024GiB"),
          4L << 30,
          "a model that needs more to load is refused");
  static final Setting<Boolean> ALLOW_TORCHSCRIPT =
      models(
          "allow-torchscript",
          "--allow-torchscript",
          flag(),
          true,
          "serve TorchScript files, which contain code");
  static final Setting<DeviceChoice> DEVICE =
      models(
          "device",
          "--device",
          ValueTypes.device(),
          DeviceChoice.AUTO,
          "where models run unless they say otherwise");
  static final Setting<CardMemory> GPU_MEMORY =
      models(
          "gpu-memory",
          "--gpu-memory",
          ValueTypes.cardMemory("1MiB", "1024GiB"),
          CardMemory.all(),
          "what SluiceCuda takes of a card at the most, all models together");
  static final Setting<OptionalInt> LANES =
      models(
          "lanes",
          "--lanes",
          countOrAuto(1024),
          OptionalInt.empty(),
          "batches run at once per model");
  static final Setting<OptionalInt> ENCODE_THREADS =
      models(
          "encode-threads",
          "--encode-threads",
          countOrAuto(1024),
          OptionalInt.empty(),
          "threads that turn texts into tokens");
  static final Setting<Path> CACHE_DIRECTORY =
      models(
          "cache-directory",
          "--cache-directory",
          ValueTypes.path(),
          Path.of(System.getProperty("user.home", "."), ".cache", "sluice"),
          "where derived model files are kept");
  static final Setting<Boolean> OPTIMIZE =
      models(
          "optimize",
          "--optimize-models",
          flag(),
          true,
          "serve models out of rewritten files that give the same answers faster");
  static final Setting<Long> MAX_DERIVED_BYTES =
      models(
          "max-derived-bytes",
          "--max-derived-bytes",
          size("1MiB", "1024GiB"),
          16L << 30,
          "what was made of models there; what was not used for longest goes");

  static {
    TABLE.addAll(VariantTable.ALL);
  }

  static final Setting<Duration> DRAIN_LIMIT =
      add(
          "lifecycle.drain-limit",
          "--drain-limit",
          duration("0s", "1h"),
          Duration.ofSeconds(25),
          "time from the stop signal to the exit, at most");
  static final Setting<Duration> DRAIN_DELAY =
      add(
          "lifecycle.drain-delay",
          "--drain-delay",
          duration("0s", "1h"),
          Duration.ZERO,
          "how long to serve while not ready before asking clients to go");

  static final Setting<Duration> TELEMETRY_INTERVAL =
      add(
          "telemetry.interval",
          "--telemetry-interval",
          duration("100ms", "1h"),
          Duration.ofSeconds(10),
          "what the percentiles in the metrics are over");
  static final Setting<Optional<Path>> HLOG_FILE =
      add(
          "telemetry.hlog-file",
          "--hlog-file",
          ValueTypes.fileOrNone(),
          Optional.empty(),
          "file to add each interval's histograms to");

  static final Setting<LogLevel> LOG_LEVEL =
      add(
          "logging.level",
          "--log-level",
          ValueTypes.choice(LogLevel.class),
          LogLevel.INFO,
          "least important lines to log");
  static final Setting<LogFormat> LOG_FORMAT =
      add(
          "logging.format",
          "--log-format",
          ValueTypes.choice(LogFormat.class),
          LogFormat.AUTO,
          "auto is text on a terminal, else JSON");
  static final Setting<Double> LOG_REQUEST_SAMPLE =
      add(
          "logging.request-sample",
          "--log-request-sample",
          ValueTypes.share(),
          0.0,
          "share of answered requests that get a line");
  static final Setting<Integer> LOG_REQUEST_FAILURES =
      add(
          "logging.request-failures-per-second",
          "--log-request-failures-per-second",
          count(0, 100_000),
          10,
          "lines about requests that failed; clients' mistakes count apart");
  static final Setting<Boolean> LOG_REQUEST_TEXTS =
      add(
          "logging.request-texts",
          "--log-request-texts",
          flag(),
          false,
          "let the line of a request show how its texts begin");

  /** Every setting, in the order of the table. */
  public static final List<Setting<?>> ALL = Collections.unmodifiableList(TABLE);

  private Settings() {}

  private static <T> Setting<T> http(String name, ValueType<T> type, T defaultValue, String help) {
    return add("http." + name, "--http-" + name, type, defaultValue, help);
  }

  private static <T> Setting<T> grpc(String name, ValueType<T> type, T defaultValue, String help) {
    return add("grpc." + name, "--grpc-" + name, type, defaultValue, help);
  }

  private static <T> Setting<T> admin(String name, ValueType<T> type, T defaultValue, String help) {
    return add("admin." + name, "--admin-" + name, type, defaultValue, help);
  }

  private static <T> Setting<T> limit(String name, ValueType<T> type, T defaultValue, String help) {
    return add("limits." + name, "--" + name, type, defaultValue, help);
  }

  private static <T> Setting<T> batching(
      String name, ValueType<T> type, T defaultValue, String help) {
    return add("batching." + name, "--" + name, type, defaultValue, help);
  }

  private static <T> Setting<T> models(
      String name, String flag, ValueType<T> type, T defaultValue, String help) {
    return add("models." + name, flag, type, defaultValue, help);
  }

  private static <T> Setting<T> add(
      String key, String flag, ValueType<T> type, T defaultValue, String help) {
    Setting<T> setting = new Setting<>(key, flag, type, defaultValue, help);
    TABLE.add(setting);
    return setting;
  }
}
