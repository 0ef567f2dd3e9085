// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.Map;

/** Builds a model by plans, and measures how near its answers are to those of the model itself. */
final class Trials {
  private static final int ALL = 256;

  /** Enough to tell which layers do most harm. */
  private static final int FEW = 48;

  private final Engines engines;
  private final Path scratch;
  private final OnnxModel model;
  private final Calibration calibration;
  private final WeightRange range;
  private final Answers own;
  private final Answers fewOwn;

  Trials(Engines engines, Path scratch, OnnxModel model, Calibration calibration, WeightRange range)
      throws EngineException, InterruptedException {
    this.engines = engines;
    this.scratch = scratch;
    this.model = model;
    this.calibration = calibration;
    this.range = range;
    this.own = answers(model, ALL);
    this.fewOwn = answers(model, FEW);
  }

  /** Whether the model answers with anything that can be compared. */
  boolean canMeasure() {
    return !own.rows().isEmpty();
  }

  /**
   * @param plans by the value that they are for; others stay in FP32
   */
  Closeness measure(Map<String, TensorPlan> plans) throws EngineException, InterruptedException {
    return own.closeness(answers(build(model, plans, range), ALL));
  }

  /** The same on fewer inputs. */
  Closeness estimate(Map<String, TensorPlan> plans) throws EngineException, InterruptedException {
    return fewOwn.closeness(answers(build(model, plans, range), FEW));
  }

  private Answers answers(OnnxModel of, int most) throws EngineException, InterruptedException {
    try (Trial trial = Trial.open(engines, scratch, of)) {
      return Answers.of(trial, calibration, most);
    }
  }

  /** A new model by these plans. */
  static OnnxModel build(OnnxModel model, Map<String, TensorPlan> plans, WeightRange range)
      throws EngineException {
    OnnxModel built = model.copy();
    Emitter emitter = new Emitter(built, range);
    for (LayerGroup group : LinearLayers.of(built.graph()).groups()) {
      TensorPlan plan = plans.get(group.input());
      if (plan != null) {
        emitter.apply(group, plan);
      }
    }
    built.graph().removeDead();
    return built;
  }
}
