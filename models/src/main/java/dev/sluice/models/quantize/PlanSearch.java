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
 * <p>Nearer than the budget asks is worth a few steps to a slower INT8 plan, but none to FP32; so
 * without one between, the budget is all that is aimed at.
 */
final class PlanSearch {
  /** What is aimed at while it costs little. */
  private static final FidelityBudget AIM = new FidelityBudget(0.998, 0.99);

  /** One value in so many may climb for the aim alone. */
  private static final int FEW = 4;

  /** Of a deep model several values climb at once, as each look at it takes long. */
  private static final int MOST_STEPS = 24;

  private static final double LOOKED = 0.5;

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
    Closeness closeness = trials.measure(plans());
    boolean canAim = ladders.values().stream().anyMatch(ladder -> ladder.size() > 2);
    if (closeness.meets(canAim ? aim() : budget)) {
      return new Found(plans(), closeness);
    }
    List<String> worstFirst = worstFirst();
    closeness = climb(closeness, worstFirst.subList(0, worstFirst.size() / FEW), 1, false, aim());
    for (int rung = 1; rung < longestLadder(); rung++) {
      closeness = climb(closeness, worstFirst, rung, true, budget);
    }
    return new Found(plans(), closeness);
  }

  /** Lets values climb to a rung, some at a time, until a goal is met. */
  private Closeness climb(
      Closeness before, List<String> values, int rung, boolean toFp32, FidelityBudget goal)
      throws EngineException, InterruptedException {
    int atOnce = Math.max(1, ladders.size() / MOST_STEPS);
    Closeness closeness = before;
    int climbed = 0;
    for (String value : values) {
      if (closeness.meets(goal)) {
        return closeness;
      }
      if (climb(value, rung, toFp32) && ++climbed % atOnce == 0) {
        closeness = trials.measure(plans());
      }
    }
    return climbed % atOnce == 0 ? closeness : trials.measure(plans());
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
      progress.at("trying slower plans", LOOKED + (1 - LOOKED) * climbed());
    }
    return may;
  }

  /** How far all are up their ladders, 0 to 1. */
  private double climbed() {
    double steps = ladders.values().stream().mapToInt(ladder -> ladder.size() - 1).sum();
    return rungs.values().stream().mapToInt(Integer::intValue).sum() / steps;
  }

  private int longestLadder() {
    return ladders.values().stream().mapToInt(List::size).max().orElse(0);
  }

  /** By the harm that each does when it alone is quantized. */
  private List<String> worstFirst() throws EngineException, InterruptedException {
    Map<String, Double> harm = new HashMap<>();
    for (Map.Entry<String, List<TensorPlan>> ladder : ladders.entrySet()) {
      progress.at("looking for layers that hurt", LOOKED * harm.size() / ladders.size());
      Map<String, TensorPlan> alone = Map.of(ladder.getKey(), ladder.getValue().getFirst());
      harm.put(ladder.getKey(), 1 - trials.estimate(alone).mean());
    }
    List<String> values = new ArrayList<>(ladders.keySet());
    values.sort(Comparator.comparingDouble((String value) -> -harm.getOrDefault(value, 0.0)));
    return values;
  }

  private Map<String, TensorPlan> plans() {
    Map<String, TensorPlan> plans = new LinkedHashMap<>();
    rungs.forEach(
        (value, rung) -> plans.put(value, ladders.getOrDefault(value, List.of()).get(rung)));
    return plans;
  }
}
