// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.sluice.proto.inference.LogSettingsRequest;
import dev.sluice.proto.inference.LogSettingsRequest.SettingValue;
import dev.sluice.proto.inference.LogSettingsResponse;
import dev.sluice.proto.inference.TraceSettingRequest;
import dev.sluice.proto.inference.TraceSettingResponse;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.transport.shared.LogControl.Verbosity;
import dev.sluice.server.transport.shared.LogRpc;
import dev.sluice.server.transport.shared.LogbackControl;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Log and trace settings. */
final class SettingsRpcsTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void logSettingsShowTheLevelInTritonsTerms() {
    LogSettingsResponse settings = set(Map.of());

    assertThat(settings.getSettingsMap())
        .containsOnlyKeys(
            "log_file", "log_info", "log_warning", "log_error", "log_verbose_level", "log_format");
    assertThat(settings.getSettingsOrThrow("log_info").getBoolParam()).isTrue();
    assertThat(settings.getSettingsOrThrow("log_verbose_level").getUint32Param()).isZero();
    assertThat(settings.getSettingsOrThrow("log_format").getStringParam()).isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource({"1, VERBOSE, 1", "2, VERY_VERBOSE, 2", "7, VERY_VERBOSE, 2", "0, INFO, 0"})
  void theVerboseLevelReachesTheLog(int level, Verbosity verbosity, int shown) {
    LogSettingsResponse settings = set(Map.of("log_verbose_level", number(level)));

    assertThat(server.logs.verbosity()).isEqualTo(verbosity);
    assertThat(settings.getSettingsOrThrow("log_verbose_level").getUint32Param()).isEqualTo(shown);
  }

  @Test
  void switchesReachTheLog() {
    assertThat(set(Map.of("log_info", bool(false))).getSettingsOrThrow("log_info").getBoolParam())
        .isFalse();
    assertThat(server.logs.verbosity()).isEqualTo(Verbosity.WARNING);

    assertThat(set(Map.of("log_error", bool(false), "log_warning", bool(false))))
        .matches(s -> !s.getSettingsOrThrow("log_error").getBoolParam());
    assertThat(server.logs.verbosity()).isEqualTo(Verbosity.NONE);

    assertThat(
            set(Map.of("log_error", bool(true), "log_warning", bool(true), "log_info", bool(true))))
        .isNotNull();
    assertThat(server.logs.verbosity()).isEqualTo(Verbosity.INFO);
  }

  @Test
  void aVerboseLevelOutlivesOtherSettings() {
    server.logs.set(Verbosity.VERY_VERBOSE);
    assertThat(set(Map.of("log_error", bool(true))).getSettingsCount()).isEqualTo(6);
    assertThat(server.logs.verbosity()).isEqualTo(Verbosity.VERY_VERBOSE);
  }

  @Test
  void whatTheLogCannotDoIsRefusedAndChangesNothing() {
    refused(Status.Code.INVALID_ARGUMENT, Map.of("log_error", bool(false)));
    refused(
        Status.Code.INVALID_ARGUMENT,
        Map.of("log_info", bool(false), "log_verbose_level", number(1)));
    refused(Status.Code.INVALID_ARGUMENT, Map.of("log_info", number(1)));
    refused(Status.Code.INVALID_ARGUMENT, Map.of("log_verbose_level", bool(true)));
    refused(Status.Code.INVALID_ARGUMENT, Map.of("log_surprise", bool(true)));
    refused(Status.Code.UNIMPLEMENTED, Map.of("log_file", text("elsewhere")));
    refused(
        Status.Code.UNIMPLEMENTED,
        Map.of("log_format", text("ISO8601"), "log_verbose_level", number(1)));
    assertThat(server.logs.verbosity()).isEqualTo(Verbosity.INFO);
  }

  @Test
  void fixedSettingsMayBeSetToWhatTheyAre() {
    assertThat(set(Map.of("log_file", text(""), "log_format", text("default"))).getSettingsCount())
        .isEqualTo(6);
  }

  @ParameterizedTest
  @EnumSource(Verbosity.class)
  void logbackKeepsEveryLevel(Verbosity verbosity) {
    LogbackControl control = new LogbackControl(new LoggerContext().getLogger("some.logger"));
    control.set(verbosity);
    assertThat(control.verbosity()).isEqualTo(verbosity);
  }

  @Test
  void logbackReallyChanges() {
    var logger = new LoggerContext().getLogger("some.logger");
    new LogbackControl(logger).set(Verbosity.WARNING);
    assertThat(logger.getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void tracingIsOffAndStaysOff() {
    TraceSettingResponse now = trace(TraceSettingRequest.newBuilder());

    assertThat(now.getSettingsMap())
        .containsOnlyKeys(
            "trace_level", "trace_rate", "trace_count", "log_frequency", "trace_file");
    assertThat(now.getSettingsOrThrow("trace_level").getValueList()).containsExactly("OFF");
    assertThat(trace(traceSetting("trace_level", "OFF"))).isEqualTo(now);
    assertThat(trace(traceSetting("trace_rate"))).isEqualTo(now);
    assertThat(trace(TraceSettingRequest.newBuilder().setModelName("echo"))).isEqualTo(now);
    TestServer.error(
        Status.Code.UNIMPLEMENTED, () -> trace(traceSetting("trace_level", "TIMESTAMPS")));
    TestServer.error(
        Status.Code.INVALID_ARGUMENT, () -> trace(traceSetting("trace_surprise", "1")));
    TestServer.error(
        Status.Code.NOT_FOUND,
        () -> trace(TraceSettingRequest.newBuilder().setModelName("nobody")));
  }

  @Test
  void theRefusalOfALogLevelNamesTheSetting() {
    LogRpc rpc = new LogRpc(server.logs);
    LogSettingsRequest request =
        LogSettingsRequest.newBuilder().putSettings("log_warning", bool(false)).build();
    assertThatThrownBy(() -> rpc.settings(request))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("log_info");
  }

  private LogSettingsResponse set(Map<String, SettingValue> settings) {
    return server
        .stub()
        .logSettings(LogSettingsRequest.newBuilder().putAllSettings(settings).build());
  }

  private void refused(Status.Code code, Map<String, SettingValue> settings) {
    TestServer.error(code, () -> set(settings));
  }

  private TraceSettingResponse trace(TraceSettingRequest.Builder request) {
    return server.stub().traceSetting(request.build());
  }

  private static TraceSettingRequest.Builder traceSetting(String name, String... values) {
    return TraceSettingRequest.newBuilder()
        .putSettings(
            name,
            TraceSettingRequest.SettingValue.newBuilder().addAllValue(List.of(values)).build());
  }

  private static SettingValue bool(boolean value) {
    return SettingValue.newBuilder().setBoolParam(value).build();
  }

  private static SettingValue number(int value) {
    return SettingValue.newBuilder().setUint32Param(value).build();
  }

  private static SettingValue text(String value) {
    return SettingValue.newBuilder().setStringParam(value).build();
  }
}
