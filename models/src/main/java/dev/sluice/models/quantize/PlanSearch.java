// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.FidelityBudget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the fastest plans whose answers are near enough, by measuring. Each value has a ladder of
 * plans, the fastest first and FP32 last. All begin at the bottom; while that is not near enough,
 * the values that do most harm climb.
 *
 * <p>Nearer than the budget asks is worth a few steps to a slower INT8 plan, but none to FP32.
 */
final class PlanSearch {
  /** What is aimed at while it costs little. */
  private static final FidelityBudget AIM = new FidelityBudget(0.998, 0.99);

  /** One value in so many may climb for the aim alone. */
  private static final int FEW = 4;

  private final Trials trials;
  private final FidelityBudget budget;
  private final Map<String, List<TensorPlan>> ladders;
  private final Map<String, Integer> rungs = new LinkedHashMap<>();
  private final Progress progress;

  /**
   * @param ladders of each value that layers multiply, the fastest plan first, each ending with one
   *     that leaves it in FP32
   */
  PlanSearch(
      Trials trials,
      FidelityBudget budget,
      Map<String, List<TensorPlan>> ladders,
      Progress progress) {
    this.trials = trials;
    this.budget = budget;
    this.ladders = ladders;
    this.progress = progress;
    ladders.keySet().forEach(value -> rungs.put(value, 0));
  }

  /**
   * @param closeness as measured with these plans
   */
  record Found(Map<String, TensorPlan> plans, Closeness closeness) {}

  Found find() throws EngineException, InterruptedException {
    Closeness closeness = measure();
    if (closeness.meets(aim())) {
      return new Found(plans(), closeness);
    }
    List<String> worstFirst = worstFirst();
    for (String value : worstFirst.subList(0, worstFirst.size() / FEW)) {
      if (closeness.meets(aim())) {
        break;
      }
      if (climb(value, 1, false)) {
        closeness = measure();
      }
    }
    for (int rung = 1; rung < longestLadder(); rung++) {
      for (String value : worstFirst) {
        if (closeness.meets(budget)) {
          return new Found(plans(), closeness);
        }
        if (climb(value, rung, true)) {
          closeness = measure();
        }
      }
    }
    return new Found(plans(), closeness);
  }

  private FidelityBudget aim() {
    return new FidelityBudget(
        Math.max(AIM.cosineMean(), budget.cosineMean()),
        Math.max(AIM.cosineP1(), budget.cosineP1()));
  }

  /** Whether the value was further down, and may be up there. */
  private boolean climb(String value, int rung, boolean toFp32) {
    List<TensorPlan> ladder = ladders.getOrDefault(value, List.of());
    boolean may =
        rung < ladder.size()
            && rungs.getOrDefault(value, 0) < rung
            && (toFp32 || ladder.get(rung).scheme().isPresent());
    if (may) {
      rungs.put(value, rung);
    }
    return may;
  }

  private int longestLadder() {
    return ladders.values().stream().mapToInt(List::size).max().orElse(0);
  }

  /** By the harm that each does when it alone is quantized. */
  private List<String> worstFirst() throws EngineException, InterruptedException {
    Map<String, Double> harm = new HashMap<>();
    for (Map.Entry<String, List<TensorPlan>> ladder : ladders.entrySet()) {
      progress.at("looking for layers that hurt", (double) harm.size() / ladders.size());
      Map<String, TensorPlan> alone = Map.of(ladder.getKey(), ladder.getValue().getFirst());
      harm.put(ladder.getKey(), 1 - trials.estimate(alone).mean());
    }
    List<String> values = new ArrayList<>(ladders.keySet());
    values.sort(Comparator.comparingDouble((String value) -> -harm.getOrDefault(value, 0.0)));
    return values;
  }

  private Closeness measure() throws EngineException, InterruptedException {
    return trials.measure(plans());
  }

  private Map<String, TensorPlan> plans() {
    Map<String, TensorPlan> plans = new LinkedHashMap<>();
    rungs.forEach(
        (value, rung) -> plans.put(value, ladders.getOrDefault(value, List.of()).get(rung)));
    return plans;
  }
}
