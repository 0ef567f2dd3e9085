// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.wiring;

import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.server.core.ModelCatalog;
import dev.sluice.server.core.ModelStatus;
import dev.sluice.server.core.ServedVersion;
import dev.sluice.server.core.VariantStatus;
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
        model.put("lanes", Integer.toString(served.lanes()));
        model.put("variants", served.variants().stream().map(ModelTree::variant).toList());
        served.brownout().ifPresent(now -> model.put("brownout", now.reduced()));
      }
      models.add(model);
    }
    return models;
  }

  private static Map<String, Object> variant(VariantStatus status) {
    Map<String, Object> variant = new LinkedHashMap<>();
    variant.put("name", status.name());
    variant.put("state", status.state().label());
    variant.put("text", status.text());
    if (status.state() == VariantStatus.State.MAKING) {
      variant.put("share", status.share());
    }
    Fidelity fidelity = status.fidelity();
    if (fidelity != null) {
      variant.put("fidelity", measured(fidelity));
    }
    return variant;
  }

  private static Map<String, Double> measured(Fidelity fidelity) {
    Map<String, Double> measured = new LinkedHashMap<>();
    measured.put("cosine_mean", fidelity.cosineMean());
    measured.put("cosine_p1", fidelity.cosineP1());
    measured.put("cosine_min", fidelity.cosineMin());
    measured.put("neighbours", fidelity.neighbours());
    measured.put("max_error", fidelity.maxError());
    measured.put("batch_cosine_min", fidelity.batchCosineMin());
    measured.put("speed_ratio", fidelity.speedRatio());
    measured.put("size_ratio", fidelity.sizeRatio());
    // JSON has no word for what is not a number.
    measured.values().removeIf(value -> !Double.isFinite(value));
    return measured;
  }
}
