// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.spec.QuantScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes INT8 models: of any ONNX model that multiplies by constant FP32 matrices. What is not such
 * a product, embedding tables included, stays exactly as it is. The same model, request and inputs
 * give the same bytes on machines of one kind.
 *
 * <p>Safe for any number of threads; each call works on its own.
 */
public final class Quantizer {
  /** Another one whenever the same model would become another file. */
  public static final String VERSION = "1";

  private static final int LEAST_OPSET = 11;
  private static final double CHOSEN = 0.6;

  private final Engines engines;
  private final Path scratch;

  /**
   * @param engines run the model to see what it computes with
   * @param scratch an existing directory, in which a file lies while a model is being loaded
   */
  public Quantizer(Engines engines, Path scratch) {
    this.engines = engines;
    this.scratch = scratch;
  }

  /**
   * Quantizes a model, which itself stays as it is.
   *
   * @param calibration inputs like those it will meet; per-token scales do without
   * @throws EngineException saying in one line why it cannot be done
   */
  public Quantized quantize(
      OnnxModel model, QuantizeRequest request, Calibration calibration, Progress progress)
      throws EngineException, InterruptedException {
    LinearLayers layers = LinearLayers.of(model.graph());
    requireQuantizable(model, layers);
    Plans plans = plans(model, layers.groups(), request, calibration, progress);
    OnnxModel quantized = Trials.build(model, plans.byValue(), request.weights());
    progress.at("quantized", 1);
    return new Quantized(quantized, report(layers, plans.byValue()), plans.closeness());
  }

  private record Plans(Map<String, TensorPlan> byValue, Optional<Closeness> closeness) {}

  private static void requireQuantizable(OnnxModel model, LinearLayers layers)
      throws EngineException {
    if (model.opset() < LEAST_OPSET) {
      throw new EngineException(
          "the model uses operators of version %d, to be quantized it needs %d or later"
              .formatted(model.opset(), LEAST_OPSET));
    }
    if (layers.groups().isEmpty()) {
      throw new EngineException(
          layers.left().isEmpty()
              ? "the model has no weights to quantize: no MatMul or Gemm multiplies by a constant"
              : "the model has no weights to quantize: "
                  + layers.left().getFirst().name()
                  + " stays as it is since "
                  + layers.left().getFirst().reason());
    }
  }

  private Plans plans(
      OnnxModel model,
      List<LayerGroup> groups,
      QuantizeRequest request,
      Calibration calibration,
      Progress progress)
      throws EngineException, InterruptedException {
    boolean nothingKnown = calibration.size() == 0;
    Optional<QuantScheme> scheme = request.scheme();
    if (scheme.equals(Optional.of(QuantScheme.STATIC)) && nothingKnown) {
      throw new EngineException("static scales need calibration inputs, and there are none");
    }
    if (scheme.equals(Optional.of(QuantScheme.DYNAMIC))) {
      return same(groups, new TensorPlan.Dynamic());
    }
    if (nothingKnown) {
      return same(groups, new TensorPlan.PerToken(Smoothing.NONE));
    }
    CalibrationRuns runs = new CalibrationRuns(engines, scratch, model, calibration);
    Map<String, List<TensorPlan>> ladders =
        new Ladders(runs, request).of(model.graph(), groups, progress.part(0, CHOSEN));
    Trials trials = new Trials(engines, scratch, model, calibration, request.weights());
    if (!trials.canMeasure()) {
      Map<String, TensorPlan> first = new HashMap<>();
      ladders.forEach((value, ladder) -> first.put(value, ladder.getFirst()));
      return new Plans(first, Optional.empty());
    }
    PlanSearch.Found found =
        new PlanSearch(trials, request.budget(), ladders, progress.part(CHOSEN, 1)).find();
    if (found.plans().values().stream().allMatch(plan -> plan.scheme().isEmpty())) {
      throw new EngineException(
          "no layer can be quantized within the fidelity budget: mean cosine %s, p1 %s"
              .formatted(request.budget().cosineMean(), request.budget().cosineP1()));
    }
    return new Plans(found.plans(), Optional.of(found.closeness()));
  }

  private static Plans same(List<LayerGroup> groups, TensorPlan plan) {
    Map<String, TensorPlan> plans = new LinkedHashMap<>();
    groups.forEach(group -> plans.put(group.input(), plan));
    return new Plans(plans, Optional.empty());
  }

  private static List<LayerReport> report(LinearLayers layers, Map<String, TensorPlan> plans) {
    List<LayerReport> report = new ArrayList<>();
    for (LayerGroup group : layers.groups()) {
      TensorPlan plan = plans.getOrDefault(group.input(), new TensorPlan.Kept("no plan"));
      group.layers().forEach(layer -> report.add(LayerReport.of(layer, plan)));
    }
    for (LinearLayers.Left left : layers.left()) {
      report.add(new LayerReport(left.name(), Optional.empty(), left.reason()));
    }
    return report;
  }
}
