// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.server.core.LaneStatus;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.ServedVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is known of each model version, as a tree for JSON. */
final class ModelTree {
  private ModelTree() {}

  static List<Map<String, Object>> of(ModelCatalog catalog) {
    Map<List<String>, ServedVersion> serving = new HashMap<>();
    catalog
        .serving()
        .forEach(served -> serving.put(List.of(served.name(), served.version()), served));
    List<Map<String, Object>> models = new ArrayList<>();
    for (ModelStatus status : catalog.index()) {
      Map<String, Object> model = new LinkedHashMap<>();
      model.put("name", status.name());
      model.put("version", status.version());
      model.put("state", status.state().name().toLowerCase(Locale.ROOT));
      model.put("reason", status.reason());
      ServedVersion served = serving.get(List.of(status.name(), status.version()));
      if (served != null) {
        model.put("variant", served.variant());
        model.put("task", served.task());
        model.put("device", served.device());
        model.put("lanes", served.lanes().stream().map(ModelTree::lane).toList());
      }
      models.add(model);
    }
    return models;
  }

  private static Map<String, Object> lane(LaneStatus status) {
    Map<String, Object> lane = new LinkedHashMap<>();
    lane.put("state", status.state().name().toLowerCase(Locale.ROOT));
    lane.put("since", Instant.ofEpochMilli(status.sinceMillis()).toString());
    lane.put("failures_in_row", status.failuresInRow());
    lane.put("reason", status.reason());
    return lane;
  }
}
