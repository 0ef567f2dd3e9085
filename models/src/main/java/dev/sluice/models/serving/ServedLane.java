// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A graph's lane behind the names and shapes of the configuration. Owned by one thread. */
final class ServedLane implements GraphLane {
  private final GraphLane graph;
  private final List<ServedTensor> inputs;
  private final List<ServedTensor> outputs;

  ServedLane(GraphLane graph, List<ServedTensor> inputs, List<ServedTensor> outputs) {
    this.graph = graph;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  public List<Tensor> run(List<Tensor> tensors) throws EngineException {
    if (tensors.size() != inputs.size()) {
      throw new EngineException(
          "the model takes %d inputs, not %d".formatted(inputs.size(), tensors.size()));
    }
    List<Tensor> given = new ArrayList<>(tensors.size());
    for (int i = 0; i < tensors.size(); i++) {
      given.add(inputs.get(i).convert(tensors.get(i)));
    }
    List<Tensor> made = graph.run(given);
    List<Tensor> answers = new ArrayList<>(outputs.size());
    for (ServedTensor output : outputs) {
      answers.add(output.convert(made.get(output.position())));
    }
    return List.copyOf(answers);
  }

  @Override
  public void close() {
    graph.close();
  }
}
