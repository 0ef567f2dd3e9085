// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of each model version, as a tree for JSON. */
final class ModelTree {
  /** The cells of {@link ModelCatalog#serving()} after the name and the version. */
  private static final List<String> SERVING = List.of("variant", "task", "device", "lanes");

  private ModelTree() {}

  static List<Map<String, Object>> of(ModelCatalog catalog) {
    Map<List<String>, List<String>> serving = new LinkedHashMap<>();
    catalog.serving().forEach(line -> serving.put(line.subList(0, 2), line));
    List<Map<String, Object>> models = new ArrayList<>();
    for (ModelStatus status : catalog.index()) {
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("name", status.name());
      model.put("version", status.version());
      model.put("state", status.state().name().toLowerCase(Locale.ROOT));
      model.put("reason", status.reason());
      List<String> line = serving.getOrDefault(List.of(status.name(), status.version()), List.of());
      for (int i = 2; i < line.size(); i++) {
        model.put(SERVING.get(i - 2), line.get(i));
      }
      models.add(model);
    }
    return models;
  }
}
