// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.config;

import static dev.sluice.server.config.ValueTypes.choice;
import static dev.sluice.server.config.ValueTypes.duration;
import static dev.sluice.server.config.ValueTypes.durationOr;
import static dev.sluice.server.config.ValueTypes.shareAboveZero;
import static dev.sluice.server.config.ValueTypes.word;

import dev.sluice.models.spec.BrownoutSettings;
import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.spec.VariantSettings.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of {@link Settings} about variants: what holds for models that do not say otherwise. */
final class VariantTable {
  private static final List<Setting<?>> TABLE = new ArrayList<>();
  private static final BrownoutSettings BROWNOUT = BrownoutSettings.DEFAULT;
  private static final Map<String, Set<String>> SETS =
      Map.of("none", Set.of(), VariantSettings.INT8, Set.of(VariantSettings.INT8));

  static final Setting<Set<String>> OFFER =
      add("offer", word(SETS), Set.of(VariantSettings.INT8), "variants that are made of models");
  static final Setting<Policy> POLICY =
      add("policy", choice(Policy.class), Policy.FIXED, "who answers requests that name none");
  static final Setting<String> SERVE =
      add(
          "serve",
          word(Map.of("own", "", VariantSettings.INT8, VariantSettings.INT8)),
          "",
          "what the policy fixed serves; own is the model's own precision");
  static final Setting<Optional<QuantScheme>> SCHEME =
      add("scheme", word(schemes()), Optional.empty(), "how int8 is made; auto for the best");
  static final Setting<Double> COSINE_MEAN =
      add(
          "budget-cosine-mean",
          shareAboveZero(),
          FidelityBudget.DEFAULT.cosineMean(),
          "a variant whose answers are further off on the mean is refused");
  static final Setting<Double> COSINE_P1 =
      add(
          "budget-cosine-p1",
          shareAboveZero(),
          FidelityBudget.DEFAULT.cosineP1(),
          "the same for the cosine that 99 of 100 answers reach");
  static final Setting<Set<String>> BELOW_BUDGET =
      add("served-below-budget", word(SETS), Set.of(), "variants that serve all the same");
  static final Setting<Optional<Duration>> BROWNOUT_BUDGET =
      add(
          "brownout-budget",
          durationOr("auto", "1ms", "1h"),
          BROWNOUT.budget(),
          "how long requests may wait; auto is by objective, or the target wait");
  static final Setting<Double> BROWNOUT_ENTER =
      add(
          "brownout-enter",
          shareAboveZero(),
          BROWNOUT.enter(),
          "the part of it that makes a brownout when it is waited");
  static final Setting<Double> BROWNOUT_LEAVE =
      add(
          "brownout-leave",
          shareAboveZero(),
          BROWNOUT.leave(),
          "the part of it that no wait may reach for the brownout to end");
  static final Setting<Duration> BROWNOUT_STAY =
      add(
          "brownout-stay",
          duration("1ms", "1h"),
          BROWNOUT.stay(),
          "for how long that has to hold before it ends");

  static final List<Setting<?>> ALL = Collections.unmodifiableList(TABLE);

  private VariantTable() {}

  /** Only where the leave threshold is below the one to enter. */
  static VariantSettings from(Values values) {
    return new VariantSettings(
        values.get(OFFER),
        values.get(POLICY),
        values.get(SERVE),
        values.get(SCHEME),
        new FidelityBudget(values.get(COSINE_MEAN), values.get(COSINE_P1)),
        values.get(BELOW_BUDGET),
        new BrownoutSettings(
            values.get(BROWNOUT_BUDGET),
            values.get(BROWNOUT_ENTER),
            values.get(BROWNOUT_LEAVE),
            values.get(BROWNOUT_STAY)));
  }

  private static Map<String, Optional<QuantScheme>> schemes() {
    Map<String, Optional<QuantScheme>> schemes = new HashMap<>();
    schemes.put("auto", Optional.empty());
    for (QuantScheme scheme : QuantScheme.values()) {
      schemes.put(scheme.label(), Optional.of(scheme));
    }
    return schemes;
  }

  private static <T> Setting<T> add(String name, ValueType<T> type, T defaultValue, String help) {
    Setting<T> setting =
        new Setting<>("variants." + name, "--variants-" + name, type, defaultValue, help);
    TABLE.add(setting);
    return setting;
  }
}
