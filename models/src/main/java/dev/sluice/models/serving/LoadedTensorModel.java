// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.engine.Packed;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;
import java.util.SplittableRandom;

/** A graph that has been checked against its configuration and run once. Immutable. */
public final class LoadedTensorModel implements TensorModel {
  private final ModelSpec spec;
  private final Graph graph;
  private final Signature signature;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final int lanes;
  private final String variant;

  private LoadedTensorModel(ModelSpec spec, Graph graph, Signature signature, int lanes) {
    this.spec = spec;
    this.graph = graph;
    this.signature = signature;
    this.inputs = signature.inputs().stream().map(ServedTensor::spec).toList();
    this.outputs = signature.outputs().stream().map(ServedTensor::spec).toList();
    this.lanes = lanes;
    this.variant =
        graph.packed().map(Packed::precision).orElseGet(() -> OnnxOutline.of(spec).precision());
  }

  /**
   * Loads, checks and warms up.
   *
   * @param availableCores lanes that a model gets on the CPU when nothing else is said
   * @throws EngineException naming what does not fit between file and configuration, or how the
   *     warm-up failed
   */
  public static LoadedTensorModel load(ModelSpec spec, Engines engines, int availableCores)
      throws EngineException {
    Graph graph = engines.load(spec);
    boolean good = false;
    try {
      Signature signature = Signature.of(spec, graph);
      ModelSpec completed = spec.withConfig(signature.config());
      int lanes = LaneCount.of(completed, graph, availableCores);
      LoadedTensorModel model = new LoadedTensorModel(completed, graph, signature, lanes);
      try (GraphLane lane = model.newLane()) {
        model.check(lane);
      }
      good = true;
      return model;
    } finally {
      if (!good) {
        graph.close();
      }
    }
  }

  @Override
  public ModelSpec spec() {
    return spec;
  }

  @Override
  public String variant() {
    return variant;
  }

  @Override
  public String device() {
    return graph.device();
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public List<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs;
  }

  @Override
  public GraphLane newLane() {
    return new ServedLane(graph.newLane(), signature.inputs(), signature.outputs());
  }

  @Override
  public void check(GraphLane lane) throws EngineException {
    warmUp().run(lane);
  }

  /** The seed is fixed: a load must not fail on one start and succeed on the next. */
  private WarmUp warmUp() {
    return new WarmUp(this, new SplittableRandom(1));
  }

  @Override
  public void close() {
    graph.close();
  }
}
