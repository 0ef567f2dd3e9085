// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.proto.inference.LogSettingsRequest;
import dev.sluice.proto.inference.LogSettingsResponse;
import dev.sluice.proto.inference.LogSettingsResponse.SettingValue;
import dev.sluice.server.transport.shared.LogControl.Verbosity;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log settings in Triton's terms, each of which is a switch of its own, over one real level, in
 * which each step includes the ones before. Combinations that the level cannot express are refused.
 * Where the log goes and how it looks is shown and cannot be changed from here.
 */
public final class LogRpc {
  private static final Map<Verbosity, String> SWITCHES =
      new EnumMap<>(
          Map.of(
              Verbosity.ERROR, "log_error",
              Verbosity.WARNING, "log_warning",
              Verbosity.INFO, "log_info"));

  private static final Map<String, String> FIXED = Map.of("log_file", "", "log_format", "default");
  private static final String VERBOSE_LEVEL = "log_verbose_level";

  private final LogControl logs;

  public LogRpc(LogControl logs) {
    this.logs = logs;
  }

  public LogSettingsResponse settings(LogSettingsRequest request) {
    if (request.getSettingsCount() > 0) {
      change(request.getSettingsMap());
    }
    Verbosity now = logs.verbosity();
    LogSettingsResponse.Builder response = LogSettingsResponse.newBuilder();
    SWITCHES.forEach(
        (level, name) ->
            response.putSettings(
                name, SettingValue.newBuilder().setBoolParam(now.includes(level)).build()));
    FIXED.forEach(
        (name, value) ->
            response.putSettings(name, SettingValue.newBuilder().setStringParam(value).build()));
    int verbose =
        switch (now) {
          case VERBOSE -> 1;
          case VERY_VERBOSE -> 2;
          case NONE, ERROR, WARNING, INFO -> 0;
        };
    response.putSettings(VERBOSE_LEVEL, SettingValue.newBuilder().setUint32Param(verbose).build());
    return response.build();
  }

  /** Reads all of the request before anything is changed. */
  private void change(Map<String, LogSettingsRequest.SettingValue> settings) {
    settings.forEach(LogRpc::checkName);
    Verbosity now = logs.verbosity();
    Verbosity wanted = Verbosity.NONE;
    boolean gap = false;
    for (Map.Entry<Verbosity, String> entry : SWITCHES.entrySet()) {
      LogSettingsRequest.SettingValue value = settings.get(entry.getValue());
      boolean on = value == null ? now.includes(entry.getKey()) : value.getBoolParam();
      if (!on) {
        gap = true;
        continue;
      }
      if (gap) {
        throw Refusals.invalid(
            field(entry.getValue()), "cannot be on while a more important level is off");
      }
      wanted = entry.getKey();
    }
    logs.set(withVerbose(wanted, settings.get(VERBOSE_LEVEL), now));
  }

  private static Verbosity withVerbose(
      Verbosity wanted, LogSettingsRequest.@Nullable SettingValue value, Verbosity now) {
    if (value == null) {
      boolean keep = wanted == Verbosity.INFO && now.includes(Verbosity.VERBOSE);
      return keep ? now : wanted;
    }
    long level = Integer.toUnsignedLong(value.getUint32Param());
    if (level == 0) {
      return wanted;
    }
    if (wanted != Verbosity.INFO) {
      throw Refusals.invalid(field(VERBOSE_LEVEL), "cannot be above 0 while log_info is off");
    }
    return level == 1 ? Verbosity.VERBOSE : Verbosity.VERY_VERBOSE;
  }

  private static void checkName(String name, LogSettingsRequest.SettingValue value) {
    String fixed = FIXED.get(name);
    if (fixed != null) {
      if (!value.hasStringParam() || !value.getStringParam().equals(fixed)) {
        throw Refusals.unsupported(
            field(name) + ": cannot be changed while the server runs; set it at the start");
      }
    } else if (name.equals(VERBOSE_LEVEL)) {
      require(value.hasUint32Param(), name, "a uint32_param");
    } else if (SWITCHES.containsValue(name)) {
      require(value.hasBoolParam(), name, "a bool_param");
    } else {
      throw Refusals.invalid(field(name), "is not a log setting");
    }
  }

  private static void require(boolean right, String name, String type) {
    if (!right) {
      throw Refusals.invalid(field(name), "must be " + type);
    }
  }

  private static String field(String name) {
    return "settings[" + Refusals.quote(name) + "]";
  }
}
