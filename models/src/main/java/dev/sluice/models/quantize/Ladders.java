// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.spec.QuantScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Works out from calibration, for each value that layers multiply, the plans worth trying. */
final class Ladders {
  private static final TensorPlan FP32 = new TensorPlan.Kept("in INT8 it misses the budget");

  /** Rows kept of all values together. */
  private static final long SAMPLE_BYTES = 64 << 20;

  private static final int MOST_ROWS = 256;
  private static final int LEAST_ROWS = 16;
  private static final double WATCHED = 0.5;
  private static final double CHOSEN = 0.7;

  private final CalibrationRuns runs;
  private final QuantizeRequest request;

  Ladders(CalibrationRuns runs, QuantizeRequest request) {
    this.runs = runs;
    this.request = request;
  }

  /** By value; the fastest plan first, FP32 last. */
  Map<String, List<TensorPlan>> of(OnnxGraph graph, List<LayerGroup> groups, Progress progress)
      throws EngineException, InterruptedException {
    Map<LayerGroup, ActivationStats> stats = watch(groups, progress.part(0, WATCHED));
    Map<String, List<TensorPlan>> ladders = new LinkedHashMap<>();
    for (Map.Entry<LayerGroup, ActivationStats> each : stats.entrySet()) {
      progress.at("choosing scales", WATCHED + (CHOSEN - WATCHED) * ladders.size() / groups.size());
      LayerGroup group = each.getKey();
      ladders.put(group.input(), ladder(graph, group, each.getValue()));
    }
    if (request.ranges() != RangeMethod.MIN_MAX) {
      narrow(stats, ladders, progress.part(CHOSEN, 1));
    }
    return ladders;
  }

  private Map<LayerGroup, ActivationStats> watch(List<LayerGroup> groups, Progress progress)
      throws EngineException, InterruptedException {
    long bytesPerRow = groups.stream().mapToLong(group -> 4L * group.channels()).sum();
    int rows = (int) Math.clamp(SAMPLE_BYTES / bytesPerRow, LEAST_ROWS, MOST_ROWS);
    Map<LayerGroup, ActivationStats> stats = new LinkedHashMap<>();
    for (LayerGroup group : groups) {
      stats.put(group, new ActivationStats(group.channels(), rows));
    }
    runs.watch(groups, (group, value) -> known(stats, group).add(value), progress);
    for (Map.Entry<LayerGroup, ActivationStats> each : stats.entrySet()) {
      if (each.getValue().isEmpty()) {
        throw new EngineException(
            "no calibration input reaches '%s'".formatted(each.getKey().input()));
      }
    }
    return stats;
  }

  private static <T> T known(Map<LayerGroup, T> by, LayerGroup group) {
    return Objects.requireNonNull(by.get(group));
  }

  private List<TensorPlan> ladder(OnnxGraph graph, LayerGroup group, ActivationStats stats) {
    Noise noise = new Noise(group.weights(), stats.sample(), request.weights());
    Choices choices = new Choices(stats, noise, new PlanTime(group, Norms.canSmooth(graph, group)));
    List<TensorPlan> ladder = new ArrayList<>();
    if (wanted(QuantScheme.STATIC)) {
      ladder.add(choices.fixed());
    }
    if (wanted(QuantScheme.PER_TOKEN)) {
      ladder.add(choices.perToken());
    }
    ladder.add(FP32);
    return ladder;
  }

  private boolean wanted(QuantScheme scheme) {
    return request.scheme().isEmpty() || request.scheme().equals(Optional.of(scheme));
  }

  /** Draws the ends of fixed scales in, after a second look at what is between them. */
  private void narrow(
      Map<LayerGroup, ActivationStats> stats,
      Map<String, List<TensorPlan>> ladders,
      Progress progress)
      throws EngineException, InterruptedException {
    Map<LayerGroup, FixedRange> ranges = new LinkedHashMap<>();
    stats.forEach(
        (group, seen) -> {
          if (ladders.getOrDefault(group.input(), List.of()).getFirst()
              instanceof TensorPlan.Fixed plan) {
            ranges.put(group, new FixedRange(plan, seen));
          }
        });
    List<LayerGroup> groups = List.copyOf(ranges.keySet());
    runs.watch(groups, (group, value) -> known(ranges, group).add(value), progress);
    ranges.forEach(
        (group, seen) ->
            ladders.computeIfPresent(
                group.input(),
                (value, ladder) -> {
                  List<TensorPlan> narrowed = new ArrayList<>(ladder);
                  narrowed.set(0, seen.narrowed(request.ranges()));
                  return narrowed;
                }));
  }
}
