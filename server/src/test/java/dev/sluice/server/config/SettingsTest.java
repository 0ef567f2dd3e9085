// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.spec.CardMemory;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.server.slo.Objectives;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
  private static final String EVERY_SETTING =
      """
      network:
        host: "0.0.0.0"
        http-port: 9000
        grpc-port: 9001
        admin-port: 9002
      http:
        max-body-bytes: 32MiB
        max-buffered-bytes: 256MiB
        max-header-bytes: 16KiB
        max-request-line: 8KiB
        header-timeout: 10s
        body-timeout: 20s
        min-body-rate: 2KiB
        idle-timeout: 1m
        max-connections: 500
        max-concurrent-requests-per-connection: 100
        max-reset-frames: 300
        reset-frames-window: 1m
        max-control-frames: 500
        max-pipelined-requests: 20
        cors-origins: https://example.org, http://localhost:3000
        event-loop-threads: 3
      grpc:
        max-message-bytes: 32MiB
        max-metadata-bytes: 16KiB
        max-concurrent-calls-per-connection: 100
        permit-keepalive: 20s
        max-reset-frames: 300
        reset-frames-window: 1m
        handshake-timeout: 5s
        max-connection-idle: 10m
        max-connection-age: 1h
        max-connection-age-grace: 15s
        flow-control-window: 2MiB
        event-loop-threads: 3
      admin:
        max-request-line: 8KiB
        max-header-bytes: 16KiB
        max-body-bytes: 2KiB
        max-connections: 32
        step-timeout: 30s
      limits:
        max-inputs-per-embed-call: 1000
        max-rows-per-infer: 500
        max-tensors-per-call: 64
        max-queue-rows: 8192
        max-queue-tokens: 2000000
        max-queue-bytes: 1GiB
        max-batch-rows: 64
        max-batch-tokens: 32768
        default-deadline: 30s
        max-deadline: 5m
      batching:
        target-wait: 200ms
        tenant-weights: "gold=4,free=1"
        max-tenant-share: 0.25
      models:
        repositories: [FOLDER]
        watch-interval: off
        load-probe: false
        load-probe-time-limit: 60s
        load-probe-memory: 8GiB
        allow-torchscript: false
        device: gpu:1
        gpu-memory: 60%
        lanes: 4
        encode-threads: 2
        cache-directory: /var/cache/sluice-of-this-test
        optimize: false
        max-derived-bytes: 1GiB
      variants:
        offer: none
        policy: brownout
        serve: int8
        scheme: per-token
        budget-cosine-mean: 0.9
        budget-cosine-p1: 0.8
        served-below-budget: int8
        brownout-budget: 50ms
        brownout-enter: 0.75
        brownout-leave: 0.25
        brownout-stay: 3s
      lifecycle:
        drain-limit: 60s
        drain-delay: 5s
      telemetry:
        interval: 1s
        hlog-file: /var/log/sluice.hlog
      slo:
        all-minilm-l6-v2:
          - {name: up, availability: 99.9, window: 1h}
      logging:
        level: debug
        format: json
        request-sample: 0.25
        request-failures-per-second: 50
        request-texts: true
      """;

  @TempDir Path folder;

  @Test
  void defaultsAreRecorded() {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "sluice");
    assertThat(ServerConfig.defaults())
        .isEqualTo(
            new ServerConfig(
                new ServerConfig.Network("127.0.0.1", 8000, 8001, 8002),
                new ServerConfig.Http(
                    64 << 20,
                    512L << 20,
                    8 << 10,
                    4 << 10,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    1024,
                    Duration.ofMinutes(5),
                    10_000,
                    256,
                    200,
                    Duration.ofSeconds(30),
                    1_000,
                    128,
                    List.of(),
                    OptionalInt.empty()),
                new ServerConfig.Grpc(
                    64 << 20,
                    8 << 10,
                    256,
                    Duration.ofSeconds(10),
                    200,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(30),
                    1 << 20,
                    OptionalInt.empty()),
                new ServerConfig.Admin(4 << 10, 8 << 10, 1 << 10, 64, Duration.ofSeconds(75)),
                new ServerConfig.Limits(
                    2048,
                    1024,
                    128,
                    4096,
                    1 << 20,
                    512 << 20,
                    32,
                    16_384,
                    Optional.empty(),
                    Duration.ofMinutes(10)),
                new ServerConfig.Batching(TargetWait.BY_OBJECTIVES, Map.of(), 1),
                new ServerConfig.Models(
                    List.of(),
                    Optional.of(Duration.ofSeconds(2)),
                    true,
                    Duration.ofMinutes(2),
                    4L << 30,
                    true,
                    DeviceChoice.AUTO,
                    CardMemory.all(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    cache,
                    true,
                    16L << 30),
                VariantSettings.DEFAULT,
                new ServerConfig.Lifecycle(Duration.ofSeconds(25), Duration.ZERO),
                new ServerConfig.Telemetry(Duration.ofSeconds(10), Optional.empty()),
                Objectives.NONE,
                new ServerConfig.Log(LogLevel.INFO, LogFormat.AUTO, 0, 10, false)));
  }

  @Test
  void everySettingOfAFileReachesTheRecord() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("all.yaml"), EVERY_SETTING.replace("FOLDER", folder.toString()));
    LoadedConfig loaded = ConfigLoader.load(Optional.of(file), Map.of(), Map.of());

    assertThat(loaded.entries())
        .hasSameSizeAs(Settings.ALL)
        .allSatisfy(entry -> assertThat(entry.source()).isInstanceOf(Source.File.class));
    Map<String, Object> changed = leaves("", loaded.config());
    Map<String, Object> usual = leaves("", ServerConfig.defaults());
    // The objectives are no setting: there may be any number of them.
    assertThat(changed).hasSize(Settings.ALL.size() + 1);
    assertThat(changed)
        .allSatisfy((name, value) -> assertThat(value).as(name).isNotEqualTo(usual.get(name)));
  }

  @Test
  void everyDefaultIsAcceptedByItsOwnType() {
    for (Setting<?> setting : Settings.ALL) {
      if (!setting.type().many()) {
        assertThat(setting.type().parse(List.of(setting.defaultText())))
            .as(setting.key())
            .map(Object.class::cast)
            .hasValue(setting.defaultValue());
      }
    }
  }

  @Test
  void theTargetWaitFollowsTheObjectivesUnlessSaidOtherwise() {
    var type = Settings.TARGET_WAIT.type();
    assertThat(type.parse(List.of("auto"))).hasValue(TargetWait.BY_OBJECTIVES);
    assertThat(type.parse(List.of("none"))).hasValue(TargetWait.NEVER);
    assertThat(type.parse(List.of("1ms"))).hasValue(new TargetWait.Fixed(Duration.ofMillis(1)));
    for (String wrong : List.of("", "0ms", "61m", "never")) {
      assertThat(type.parse(List.of(wrong))).as(wrong).isEmpty();
    }
    assertThat(type.print(TargetWait.NEVER)).isEqualTo("none");
    assertThat(type.print(new TargetWait.Fixed(Duration.ofMillis(50)))).isEqualTo("50ms");
  }

  @Test
  void noTwoSettingsShareAKeyAFlagOrAVariable() {
    assertThat(Settings.ALL).extracting(Setting::key).doesNotHaveDuplicates();
    assertThat(Settings.ALL).extracting(Setting::flag).doesNotHaveDuplicates();
    assertThat(Settings.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  @Test
  void namesAreKebabCaseAndHelpIsOneLine() {
    assertThat(Settings.ALL)
        .allSatisfy(
            setting -> {
              assertThat(setting.key()).matches("[a-z]+\\.[a-z][a-z0-9-]+");
              assertThat(setting.flag()).matches("--[a-z][a-z0-9-]+");
              assertThat(setting.help()).isNotBlank().hasSizeLessThan(80).doesNotEndWith(".");
            });
  }

  private static Map<String, Object> leaves(String prefix, Record part) throws Exception {
    Map<String, Object> all = new TreeMap<>();
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(part);
      String name = prefix + component.getName();
      boolean nested = value instanceof Record && component.getType().isRecord();
      if (nested) {
        all.putAll(leaves(name + ".", (Record) value));
      } else {
        all.put(name, value);
      }
    }
    return all;
  }
}
