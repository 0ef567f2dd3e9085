// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.VariantSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of {@link SpecJson} that is about variants. */
final class VariantsJson {
  private VariantsJson() {}

  static void write(ObjectNode node, VariantSettings settings) {
    names(node.putArray("offered"), settings.offered());
    node.put("policy", settings.policy().name()).put("preferred", settings.preferred());
    settings.scheme().ifPresent(scheme -> node.put("scheme", scheme.name()));
    node.put("cosineMean", settings.budget().cosineMean())
        .put("cosineP1", settings.budget().cosineP1());
    names(node.putArray("servedBelowBudget"), settings.servedBelowBudget());
    BrownoutSettings brownout = settings.brownout();
    brownout.budget().ifPresent(budget -> node.put("brownoutNanos", budget.toNanos()));
    node.put("enter", brownout.enter())
        .put("leave", brownout.leave())
        .put("stayNanos", brownout.stay().toNanos());
  }

  private static void names(ArrayNode array, Set<String> names) {
    names.forEach(array::add);
  }

  static VariantSettings read(JsonNode node) {
    @Nullable JsonNode scheme = node.get("scheme");
    @Nullable JsonNode budget = node.get("brownoutNanos");
    return new VariantSettings(
        names(node.required("offered")),
        VariantSettings.Policy.valueOf(node.required("policy").asText()),
        node.required("preferred").asText(),
        scheme == null ? Optional.empty() : Optional.of(QuantScheme.valueOf(scheme.asText())),
        new FidelityBudget(
            node.required("cosineMean").asDouble(), node.required("cosineP1").asDouble()),
        names(node.required("servedBelowBudget")),
        new BrownoutSettings(
            budget == null ? Optional.empty() : Optional.of(Duration.ofNanos(budget.asLong())),
            node.required("enter").asDouble(),
            node.required("leave").asDouble(),
            Duration.ofNanos(node.required("stayNanos").asLong())));
  }

  private static Set<String> names(JsonNode array) {
    Set<String> names = new HashSet<>();
    array.forEach(name -> names.add(name.asText()));
    return names;
  }
}
