// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.spec.FidelityBudget;
import java.util.List;
import java.util.Locale;

/** A fidelity for machines, as JSON with its keys always in this order, and for people. */
public final class FidelityText {
  private FidelityText() {}

  public static ObjectNode json(Fidelity fidelity) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("cosine_mean", fidelity.cosineMean())
        .put("cosine_p1", fidelity.cosineP1())
        .put("cosine_min", fidelity.cosineMin())
        .put("neighbours_top10", fidelity.neighbours())
        .put("max_error", fidelity.maxError())
        .put("batch_cosine_min", fidelity.batchCosineMin())
        .put("speed_ratio", fidelity.speedRatio())
        .put("size_ratio", fidelity.sizeRatio());
  }

  /**
   * @throws IllegalArgumentException when a number is missing
   */
  public static Fidelity fromJson(JsonNode json) {
    return new Fidelity(
        number(json, "cosine_mean"),
        number(json, "cosine_p1"),
        number(json, "cosine_min"),
        number(json, "neighbours_top10"),
        number(json, "max_error"),
        number(json, "batch_cosine_min"),
        number(json, "speed_ratio"),
        number(json, "size_ratio"));
  }

  private static double number(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isNumber()) {
      throw new IllegalArgumentException(key + " is no number");
    }
    return value.doubleValue();
  }

  /** Lines of a table, and the verdict below it. */
  public static List<String> table(Fidelity fidelity, FidelityBudget budget) {
    List<String> missed = fidelity.missed(budget);
    String verdict =
        missed.isEmpty() ? "within the budget" : "below the budget: " + String.join("; ", missed);
    return List.of(
        row("cosine to the model, mean", "%.6f", fidelity.cosineMean(), budget.cosineMean()),
        row("  that 99 of 100 reach", "%.6f", fidelity.cosineP1(), budget.cosineP1()),
        row("  worst", "%.6f", fidelity.cosineMin()),
        row("same ten nearest", "%.1f %%", 100 * fidelity.neighbours()),
        row("largest error of a component", "%.6f", fidelity.maxError()),
        row(
            "alone and in batches, worst cosine",
            "%.9f",
            fidelity.batchCosineMin(),
            Fidelity.SAME_IN_ANY_BATCH),
        row("speed beside the model", "%.2f x", fidelity.speedRatio()),
        row("size beside the model", "%.2f x", fidelity.sizeRatio()),
        verdict);
  }

  private static String row(String what, String format, double value) {
    return String.format(Locale.ROOT, "%-36s" + format, what, value);
  }

  private static String row(String what, String format, double value, double least) {
    return String.format(Locale.ROOT, "%s  (at least %s)", row(what, format, value), least);
  }
}
