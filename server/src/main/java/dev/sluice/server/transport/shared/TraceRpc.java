// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.shared;

import dev.sluice.proto.inference.TraceSettingRequest;
import dev.sluice.proto.inference.TraceSettingResponse;
import dev.sluice.server.core.Catalog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trace settings: shown as "off", and what would change that is refused. */
public final class TraceRpc {
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.of(
              "trace_level", "OFF",
              "trace_rate", "1000",
              "trace_count", "-1",
              "log_frequency", "0",
              "trace_file", ""));

  private final Catalog catalog;

  public TraceRpc(Catalog catalog) {
    this.catalog = catalog;
  }

  public TraceSettingResponse settings(TraceSettingRequest request) {
    String model = request.getModelName();
    if (!model.isEmpty() && catalog.index().stream().noneMatch(m -> m.name().equals(model))) {
      throw Refusals.notFound("model_name: there is no model " + Refusals.quote(model));
    }
    request.getSettingsMap().forEach((name, setting) -> check(name, setting.getValueList()));
    TraceSettingResponse.Builder response = TraceSettingResponse.newBuilder();
    SETTINGS.forEach(
        (name, value) ->
            response.putSettings(
                name, TraceSettingResponse.SettingValue.newBuilder().addValue(value).build()));
    return response.build();
  }

  /** No value at all means "back to the default", which is always so here. */
  private static void check(String name, List<String> values) {
    String field = "settings[" + Refusals.quote(name) + "]";
    String current = SETTINGS.get(name);
    if (current == null) {
      throw Refusals.invalid(field, "must be one of " + SETTINGS.keySet());
    }
    if (!values.isEmpty() && !values.equals(List.of(current))) {
      throw Refusals.unsupported(
          field
              + ": the server writes no traces of this kind; it stays "
              + Refusals.quote(current));
    }
  }
}
