// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.EngineReport;
import dev.sluice.models.repository.ModelParts;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.TextSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that decides what a variant becomes and how it is judged, the contents of every file
 * included: where one of these differs, another variant is made. What is not in here must not
 * change the file.
 *
 * @param ingredients by their names
 */
public record VariantKey(SortedMap<String, String> ingredients) {
  public VariantKey {
    ingredients = Collections.unmodifiableSortedMap(new TreeMap<>(ingredients));
  }

  /**
   * Reads the model's files through, which takes about a second for two gigabytes.
   *
   * @throws EngineException when the model, or the calibration file, is not there or not whole
   */
  static VariantKey of(Order order, Recipe recipe) throws EngineException {
    SortedMap<String, String> all = terms(order, recipe);
    try {
      for (Path part : ModelParts.of(order.model())) {
        boolean first = part.equals(order.model().file());
        all.put(first ? "model" : "weights " + part.getFileName(), Digests.of(part));
      }
      TextSpec text = order.model().text();
      if (text != null) {
        all.put("tokenizer", Digests.of(text.tokenizer()));
      }
      all.put(
          "calibration",
          order.calibration().isPresent() ? Digests.of(order.calibration().get()) : "shipped");
    } catch (IOException e) {
      throw new EngineException("a file of the model cannot be read: " + e.getMessage(), e);
    }
    return new VariantKey(all);
  }

  /** All but the contents of files. */
  static SortedMap<String, String> terms(Order order, Recipe recipe) {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("format", Integer.toString(Receipt.FORMAT));
    all.put("variant", order.variant());
    all.put("scheme", order.scheme().map(Enum::name).orElse("best"));
    all.put("budget", budget(order.budget()));
    all.put("recipe", recipe.version(order.model()));
    all.put("engine", engine(order.model().engine()));
    all.put("machine", Machine.name(Path.of("/proc/cpuinfo")));
    all.put("task", order.model().task().name());
    all.put("config", Digests.of(order.model().config().toByteArray()));
    TextSpec text = order.model().text();
    if (text != null) {
      all.put("text", text(text));
    }
    all.put("texts", ShippedTexts.digest());
    return all;
  }

  /** 64 hexadecimal digits. */
  String value() {
    StringBuilder words = new StringBuilder();
    for (Map.Entry<String, String> ingredient : ingredients.entrySet()) {
      words.append(ingredient.getKey()).append('=').append(ingredient.getValue()).append('\n');
    }
    return Digests.of(words.toString());
  }

  private static String budget(FidelityBudget budget) {
    return budget.cosineMean() + " " + budget.cosineP1();
  }

  private static String text(TextSpec text) {
    return String.join(
        " ",
        text.pooling().name(),
        Integer.toString(text.maxTokens()),
        text.lowerCase() ? "lower" : "as-is",
        text.normalize() ? "normalized" : "raw",
        Integer.toString(text.padId()));
  }

  private static String engine(EngineKind kind) {
    for (EngineReport report : EngineReport.all(false)) {
      if (report.name().equals(kind.djlName())) {
        return kind.djlName() + " " + report.version().orElse("unknown");
      }
    }
    return kind.djlName();
  }
}
