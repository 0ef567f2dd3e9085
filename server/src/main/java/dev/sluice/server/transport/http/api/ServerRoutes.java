// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import com.google.protobuf.Message;
import dev.sluice.proto.inference.LogSettingsRequest;
import dev.sluice.proto.inference.LogSettingsResponse;
import dev.sluice.proto.inference.TraceSettingRequest;
import dev.sluice.proto.inference.TraceSettingResponse;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.http.json.ProtoJson;
import dev.sluice.server.transport.shared.LogRpc;
import dev.sluice.server.transport.shared.MetadataRpcs;
import dev.sluice.server.transport.shared.Refusals;
import dev.sluice.server.transport.shared.SharedMemory;
import dev.sluice.server.transport.shared.TraceRpc;
import java.time.Duration;
import java.util.List;

/** What is about the server as a whole. */
final class ServerRoutes {
  private static final String SHARED_MEMORY =
      "/v2/(?:system|cuda)sharedmemory(?:/region/"
          + Route.REGION
          + ")?/(?:register|unregister|status)";

  private final LogRpc logs;
  private final TraceRpc traces;

  private ServerRoutes(Api.Parts parts) {
    this.logs = new LogRpc(parts.logs());
    this.traces = new TraceRpc(parts.catalog());
  }

  static void add(List<Route> routes, Api.Parts parts) {
    MetadataRpcs metadata = new MetadataRpcs(parts.catalog(), parts.serverVersion());
    ServerRoutes own = new ServerRoutes(parts);
    routes.add(Route.get("/v2/?", (request, path) -> message(metadata.server())));
    routes.add(
        Route.get(
            "/v2/health/live",
            (request, path) -> {
              if (parts.catalog().lost().isPresent()) {
                throw notReady("the server must be started again");
              }
              return flag("live");
            }));
    routes.add(
        Route.get(
            "/v2/health/ready",
            (request, path) -> {
              if (!parts.ready().getAsBoolean()) {
                throw notReady("the server is not ready");
              }
              return flag("ready");
            }));
    routes.add(Route.get("/v2/logging", (request, path) -> own.logging(request, false)));
    routes.add(
        Route.post("/v2/logging", Route.direct((request, path) -> own.logging(request, true))));
    String trace = "/v2(?:/models/" + Route.NAME + ")?/trace/setting";
    routes.add(Route.get(trace, (request, path) -> own.tracing(request, path, false)));
    routes.add(
        Route.post(trace, Route.direct((request, path) -> own.tracing(request, path, true))));
    routes.add(Route.get(SHARED_MEMORY, ServerRoutes::noSharedMemory));
    routes.add(Route.post(SHARED_MEMORY, Route.direct(ServerRoutes::noSharedMemory)));
  }

  static ProblemException notReady(String message) {
    return new ProblemException(new Problem.Unavailable(message, Duration.ofSeconds(1)));
  }

  static ApiResponse message(Message message) {
    JsonWriter json = new JsonWriter();
    ProtoJson.write(json, message);
    return ApiResponse.ok(json);
  }

  private static ApiResponse flag(String name) {
    return ApiResponse.ok(new JsonWriter().object().name(name).bool(true).endObject());
  }

  private static ApiResponse noSharedMemory(ApiRequest request, PathParts path) {
    throw Refusals.unsupported(SharedMemory.REASON);
  }

  private ApiResponse logging(ApiRequest request, boolean change) {
    LogSettingsRequest.Builder wanted = LogSettingsRequest.newBuilder();
    if (change) {
      JsonReader json = request.json();
      json.object("body", name -> wanted.putSettings(name, setting(json, name)));
      json.end();
    }
    LogSettingsResponse now = logs.settings(wanted.build());
    JsonWriter out = new JsonWriter().object();
    now.getSettingsMap()
        .forEach(
            (name, value) -> {
              out.name(name);
              switch (value.getParameterChoiceCase()) {
                case BOOL_PARAM -> out.bool(value.getBoolParam());
                case UINT32_PARAM -> out.number((long) value.getUint32Param());
                case STRING_PARAM -> out.string(value.getStringParam());
                case PARAMETERCHOICE_NOT_SET -> out.nothing();
              }
            });
    return ApiResponse.ok(out.endObject());
  }

  private static LogSettingsRequest.SettingValue setting(JsonReader json, String name) {
    LogSettingsRequest.SettingValue.Builder value = LogSettingsRequest.SettingValue.newBuilder();
    String where = Refusals.quote(name);
    return switch (json.current()) {
      case VALUE_TRUE, VALUE_FALSE -> value.setBoolParam(json.bool(where)).build();
      case VALUE_STRING -> value.setStringParam(json.string(where)).build();
      default -> value.setUint32Param((int) json.integer(where, 0, Integer.MAX_VALUE)).build();
    };
  }

  private ApiResponse tracing(ApiRequest request, PathParts path, boolean change) {
    TraceSettingRequest.Builder wanted = TraceSettingRequest.newBuilder().setModelName(path.name());
    if (change) {
      JsonReader json = request.json();
      json.object("body", name -> wanted.putSettings(name, trace(json, name)));
      json.end();
    }
    TraceSettingResponse now = traces.settings(wanted.build());
    JsonWriter out = new JsonWriter().object();
    now.getSettingsMap()
        .forEach(
            (name, value) -> {
              out.name(name);
              if (name.equals("trace_level")) {
                out.array();
                value.getValueList().forEach(out::string);
                out.endArray();
              } else {
                out.string(String.join(",", value.getValueList()));
              }
            });
    return ApiResponse.ok(out.endObject());
  }

  /** A text, a list of texts, or null for the default. */
  private static TraceSettingRequest.SettingValue trace(JsonReader json, String name) {
    TraceSettingRequest.SettingValue.Builder value = TraceSettingRequest.SettingValue.newBuilder();
    String where = Refusals.quote(name);
    switch (json.current()) {
      case VALUE_NULL -> {}
      case START_ARRAY -> json.array(where, () -> value.addValue(json.string(where)));
      default -> value.addValue(json.string(where));
    }
    return value.build();
  }
}
