// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import dev.sluice.server.logging.Json;
import dev.sluice.server.telemetry.ScrapeFormat;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.http.json.ProtoJson;
import dev.sluice.server.transport.shared.SloMessages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** From a request to its answer. Holds no state of its own. */
final class AdminRoutes {
  private final AdminParts parts;
  private final Map<String, Route> routes = new TreeMap<>();

  AdminRoutes(AdminParts parts) {
    this.parts = parts;
    get("/metrics", this::metrics);
    get("/healthz", request -> live());
    get("/readyz", request -> ready());
    get("/models", request -> json(parts.models().get()));
    get("/hlog", this::histogramLog);
    get("/slo", this::slos);
    get("/threads", request -> AdminReply.ok(AdminReply.PLAIN, ThreadDump.text()));
    routes.put("/loglevel", new Route(List.of("GET", "PUT", "POST"), this::logLevel));
  }

  private void get(String path, Function<AdminRequest, AdminReply> answer) {
    routes.put(path, new Route(List.of("GET"), answer));
  }

  AdminReply answer(AdminRequest request) {
    Route route = routes.get(request.path());
    if (route == null) {
      return AdminReply.plain(404, "there is " + String.join(", ", routes.keySet()));
    }
    if (!route.methods().contains(request.method())) {
      return AdminReply.notAllowed(String.join(", ", route.methods()));
    }
    return route.answer().apply(request);
  }

  private AdminReply metrics(AdminRequest request) {
    ScrapeFormat format = ScrapeFormat.of(request.accept());
    return AdminReply.ok(format.contentType(), parts.metrics().scrape(format));
  }

  /** Whoever looks after this process is to start it again where it cannot help itself. */
  private AdminReply live() {
    return parts
        .lost()
        .get()
        .map(why -> AdminReply.plain(503, "to be started again: " + why))
        .orElseGet(() -> AdminReply.plain(200, "live"));
  }

  private AdminReply ready() {
    return parts.ready().getAsBoolean()
        ? AdminReply.plain(200, "ready")
        : AdminReply.plain(503, "not ready");
  }

  private AdminReply histogramLog(AdminRequest request) {
    return switch (request.parameter("of")) {
      case "interval" -> AdminReply.ok(AdminReply.PLAIN, parts.histograms().text(true));
      case "" -> AdminReply.ok(AdminReply.PLAIN, parts.histograms().text(false));
      default -> AdminReply.plain(400, "of=interval is the last interval; without it, everything");
    };
  }

  private AdminReply slos(AdminRequest request) {
    if (request.query().getOrDefault("model", List.of()).size() > 1) {
      return AdminReply.plain(400, "model= names one model; without it, all are shown");
    }
    JsonWriter json = new JsonWriter();
    ProtoJson.write(json, SloMessages.response(parts.slos().get().of(request.parameter("model"))));
    return AdminReply.ok(AdminReply.JSON, StandardCharsets.UTF_8.decode(json.written()) + "\n");
  }

  private AdminReply logLevel(AdminRequest request) {
    if (!request.method().equals("GET")) {
      String wanted =
          request.body().isBlank() ? request.parameter("level") : request.body().strip();
      if (!parts.logLevel().set(wanted.toLowerCase(Locale.ROOT))) {
        return AdminReply.plain(
            400, "send one of off, error, warn, info, debug, trace as the body or as ?level=");
      }
    }
    return json(Map.of("level", parts.logLevel().level()));
  }

  private static AdminReply json(Object tree) {
    return AdminReply.ok(AdminReply.JSON, Json.line(tree) + "\n");
  }

  private record Route(List<String> methods, Function<AdminRequest, AdminReply> answer) {}
}
