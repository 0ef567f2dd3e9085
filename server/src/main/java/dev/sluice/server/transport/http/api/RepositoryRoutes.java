// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Ticket;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.transport.http.json.JsonReader;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Refusals;
import java.util.List;

/** The model repository: what there is, load, unload. */
final class RepositoryRoutes {
  private final Catalog catalog;

  private RepositoryRoutes(Catalog catalog) {
    this.catalog = catalog;
  }

  static void add(List<Route> routes, Catalog catalog) {
    RepositoryRoutes own = new RepositoryRoutes(catalog);
    routes.add(
        Route.post("/v2/repository/index", Route.direct((request, path) -> own.index(request))));
    String model = "models/" + Route.NAME;
    routes.add(Route.post("/v2/repository/" + model + "/load", own::load));
    routes.add(Route.post("/v2/repository/" + model + "/unload", own::unload));
    routes.add(
        Route.post(
            "/v2/repository/" + Route.REPOSITORY + "/(?:index|" + model + "/(?:load|unload))",
            Route.direct(RepositoryRoutes::oneRepository)));
  }

  private static ApiResponse oneRepository(ApiRequest request, PathParts path) {
    throw Refusals.unsupported(
        "the server has one model repository, without a name; leave the name out of the path");
  }

  private ApiResponse index(ApiRequest request) {
    boolean[] readyOnly = new boolean[1];
    if (request.body().length > 0) {
      JsonReader json = request.json();
      json.object(
          "body",
          name -> {
            if (name.equals("ready")) {
              readyOnly[0] = json.bool("ready");
            } else {
              json.skip();
            }
          });
      json.end();
    }
    JsonWriter out = new JsonWriter().array();
    for (ModelStatus model : catalog.index()) {
      if (!readyOnly[0] || model.state() == ModelStatus.State.READY) {
        out.object().name("name").string(model.name()).name("version").string(model.version());
        out.name("state").string(model.state().name()).name("reason").string(model.reason());
        out.endObject();
      }
    }
    return ApiResponse.ok(out.endArray());
  }

  private Ticket load(ApiRequest request, PathParts path, Responder responder) {
    parameters(request, RepositoryRoutes::loadParameter);
    catalog.load(path.name(), responder.reply(done -> answer(path.name(), "load")));
    return Endpoint.NOTHING_TO_CANCEL;
  }

  private Ticket unload(ApiRequest request, PathParts path, Responder responder) {
    parameters(request, RepositoryRoutes::unloadParameter);
    catalog.unload(path.name(), responder.reply(done -> answer(path.name(), "unload")));
    return Endpoint.NOTHING_TO_CANCEL;
  }

  private static ApiResponse answer(String model, String what) {
    JsonWriter json = new JsonWriter().object().name("name").string(model);
    return ApiResponse.ok(json.name(what).bool(true).endObject());
  }

  private static void parameters(
      ApiRequest request, java.util.function.BiConsumer<String, InferParameter> check) {
    if (request.body().length == 0) {
      return;
    }
    JsonReader json = request.json();
    json.object(
        "body",
        name -> {
          if (name.equals("parameters")) {
            Parameters.read(json, "parameters", check);
          } else {
            json.skip();
          }
        });
    json.end();
  }

  private static void loadParameter(String name, InferParameter value) {
    String field = "parameters[" + Refusals.quote(name) + "]";
    if (name.equals("config") || name.startsWith("file:")) {
      throw Refusals.unsupported(
          field
              + ": models are loaded as they are in the server's repository; put the files there"
              + " and load without this parameter");
    }
    throw Refusals.invalid(field, "is not a load parameter of this server");
  }

  private static void unloadParameter(String name, InferParameter value) {
    String field = "parameters[" + Refusals.quote(name) + "]";
    if (!name.equals("unload_dependents")) {
      throw Refusals.invalid(field, "is not an unload parameter of this server");
    }
    if (!value.hasBoolParam()) {
      throw Refusals.invalid(field, "must be true or false");
    }
  }
}
