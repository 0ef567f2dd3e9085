// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.server.core.Catalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.ProblemException;
import dev.sluice.server.transport.http.json.JsonWriter;
import dev.sluice.server.transport.shared.Refusals;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** {@code GET /v1/models}: the names of what serves; a readiness probe for those who use it so. */
final class OpenAiModels {
  private final Catalog catalog;
  private final BooleanSupplier ready;

  OpenAiModels(Catalog catalog, BooleanSupplier ready) {
    this.catalog = catalog;
    this.ready = ready;
  }

  ApiResponse list() {
    if (!ready.getAsBoolean()) {
      throw new ProblemException(
          new Problem.Unavailable("the server is not ready", Duration.ofSeconds(1)));
    }
    JsonWriter json = new JsonWriter().object().name("object").string("list").name("data").array();
    serving().forEach((name, loadedMillis) -> model(json, name, loadedMillis));
    return ApiResponse.ok(json.endArray().endObject());
  }

  ApiResponse one(String name) {
    Long loadedMillis = serving().get(name);
    if (loadedMillis == null) {
      throw Refusals.notFound("the model " + Refusals.quote(name) + " does not exist");
    }
    JsonWriter json = new JsonWriter();
    model(json, name, loadedMillis);
    return ApiResponse.ok(json);
  }

  /** When the newest of its versions was loaded, by the name of the model. */
  private SortedMap<String, Long> serving() {
    SortedMap<String, Long> serving = new TreeMap<>();
    for (ModelStatus model : catalog.index()) {
      if (model.state() == ModelStatus.State.READY) {
        serving.merge(model.name(), model.loadedMillis(), Math::max);
      }
    }
    return serving;
  }

  private static void model(JsonWriter json, String name, long loadedMillis) {
    json.object().name("id").string(name).name("object").string("model");
    json.name("created").number(loadedMillis / 1000);
    json.name("owned_by").string("sluice").endObject();
  }
}
