// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelStatisticsRequest;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.MetadataRpcs;
import dev.sluice.server.transport.shared.Refusals;
import dev.sluice.server.transport.shared.StatisticsRpc;
import java.util.List;

/** What is about one model. */
final class ModelRoutes {
  private ModelRoutes() {}

  static void add(List<Route> routes, Api.Parts parts, Terms terms) {
    Catalog catalog = parts.catalog();
    MetadataRpcs metadata = new MetadataRpcs(catalog, parts.serverVersion());
    StatisticsRpc statistics = new StatisticsRpc(catalog);
    routes.add(
        Route.post(
            Route.MODEL + "/infer",
            new InferEndpoint(parts.inference(), catalog, terms, parts.maxTensors())));
    routes.add(Route.get("/v2/models", (request, path) -> list(catalog)));
    // In front of the route of a model's metadata, which a model named "stats" would take.
    routes.add(
        Route.get(
            "(?:/v2/models|" + Route.MODEL + ")/stats",
            (request, path) ->
                ServerRoutes.message(
                    statistics.statistics(
                        ModelStatisticsRequest.newBuilder()
                            .setName(path.name())
                            .setVersion(path.version())
                            .build()))));
    routes.add(
        Route.get(
            Route.MODEL,
            (request, path) ->
                ServerRoutes.message(
                    metadata.model(
                        ModelMetadataRequest.newBuilder()
                            .setName(path.name())
                            .setVersion(path.version())
                            .build()))));
    routes.add(Route.get(Route.MODEL + "/ready", (request, path) -> ready(catalog, path)));
    routes.add(
        Route.get(
            Route.MODEL + "/config",
            (request, path) ->
                ServerRoutes.message(
                    metadata
                        .config(
                            ModelConfigRequest.newBuilder()
                                .setName(path.name())
                                .setVersion(path.version())
                                .build())
                        .getConfig())));
  }

  private static ApiResponse list(Catalog catalog) {
    JsonWriter json = new JsonWriter().object().name("models").array();
    catalog.index().stream().map(ModelStatus::name).distinct().forEach(json::string);
    return ApiResponse.ok(json.endArray().endObject());
  }

  private static ApiResponse ready(Catalog catalog, PathParts path) {
    if (!catalog.modelReady(path.name(), path.version())) {
      boolean known = catalog.index().stream().anyMatch(m -> m.name().equals(path.name()));
      if (!known) {
        throw Refusals.notFound("there is no model " + Refusals.quote(path.name()));
      }
      throw ServerRoutes.notReady("model " + Refusals.quote(path.name()) + " is not ready");
    }
    JsonWriter json = new JsonWriter().object().name("name").string(path.name());
    return ApiResponse.ok(json.name("ready").bool(true).endObject());
  }
}
