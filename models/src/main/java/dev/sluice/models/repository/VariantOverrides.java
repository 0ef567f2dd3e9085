// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.spec.VariantSettings.Policy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The section {@code variants} of {@code model.yaml}. */
final class VariantOverrides {
  static final String KEY = "variants";

  private static final long MAX_MILLIS = Duration.ofHours(1).toMillis();
  private static final String NONE = "none";
  private static final String OWN = "own";
  private static final String AUTO = "auto";
  private static final List<String> NAMES = List.of(VariantSettings.INT8);
  private static final List<String> POLICIES =
      Arrays.stream(Policy.values()).map(policy -> policy.name().toLowerCase(Locale.ROOT)).toList();
  private static final List<String> SCHEMES =
      Stream.concat(Stream.of(AUTO), Arrays.stream(QuantScheme.values()).map(QuantScheme::label))
          .toList();

  private VariantOverrides() {}

  /** What holds, with everything replaced that the file says. */
  static VariantSettings over(VariantSettings base, YamlMap file) throws RefusedException {
    Optional<YamlMap> section =
        file.map(
            KEY,
            List.of(
                "offer", "policy", "serve", "scheme", "budget", "served_below_budget", "brownout"));
    return section.isEmpty() ? base : over(base, section.get(), file);
  }

  private static VariantSettings over(VariantSettings base, YamlMap yaml, YamlMap file)
      throws RefusedException {
    Optional<String> offer = yaml.oneOf("offer", List.of(NONE, VariantSettings.INT8));
    Optional<String> policy = yaml.oneOf("policy", POLICIES);
    Optional<String> serve = yaml.oneOf("serve", List.of(OWN, VariantSettings.INT8));
    Optional<String> scheme = yaml.oneOf("scheme", SCHEMES);
    return new VariantSettings(
        offer
            .map(name -> name.equals(NONE) ? Set.<String>of() : Set.of(name))
            .orElse(base.offered()),
        policy.map(word -> Policy.valueOf(word.toUpperCase(Locale.ROOT))).orElse(base.policy()),
        serve.map(name -> name.equals(OWN) ? "" : name).orElse(base.preferred()),
        scheme.map(QuantScheme::ofLabel).orElse(base.scheme()),
        budget(base.budget(), yaml),
        yaml.has("served_below_budget")
            ? Set.copyOf(yaml.words("served_below_budget", NAMES))
            : base.servedBelowBudget(),
        brownout(base.brownout(), yaml, file));
  }

  private static FidelityBudget budget(FidelityBudget base, YamlMap yaml) throws RefusedException {
    Optional<YamlMap> budget = yaml.map("budget", List.of("cosine_mean", "cosine_p1"));
    if (budget.isEmpty()) {
      return base;
    }
    return new FidelityBudget(
        budget.get().share("cosine_mean").orElse(base.cosineMean()),
        budget.get().share("cosine_p1").orElse(base.cosineP1()));
  }

  private static BrownoutSettings brownout(BrownoutSettings base, YamlMap yaml, YamlMap file)
      throws RefusedException {
    Optional<YamlMap> section =
        yaml.map("brownout", List.of("budget_ms", "enter", "leave", "stay_ms"));
    if (section.isEmpty()) {
      return base;
    }
    YamlMap brownout = section.get();
    OptionalLong budget = brownout.whole("budget_ms", 1, MAX_MILLIS);
    OptionalLong stay = brownout.whole("stay_ms", 1, MAX_MILLIS);
    try {
      return new BrownoutSettings(
          budget.isPresent() ? Optional.of(Duration.ofMillis(budget.getAsLong())) : base.budget(),
          brownout.share("enter").orElse(base.enter()),
          brownout.share("leave").orElse(base.leave()),
          stay.isPresent() ? Duration.ofMillis(stay.getAsLong()) : base.stay());
    } catch (IllegalArgumentException contradiction) {
      throw file.refused(KEY + "." + contradiction.getMessage());
    }
  }
}
