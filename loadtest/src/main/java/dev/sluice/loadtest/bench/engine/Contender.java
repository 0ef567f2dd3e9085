// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.models.derive.Receipt;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.PaddedInput;
import dev.sluice.models.text.PaddedInput.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One way to run the model.
 *
 * @param lanes how many threads run it at the same time
 * @param receipt how it was made and what was measured of it; none for what is not derived
 */
record Contender(Kind kind, Graph graph, int lanes, Optional<Receipt> receipt)
    implements AutoCloseable {

  /** A runner for one thread. */
  Runner runner(int padId) {
    List<PaddedInput> inputs = new ArrayList<>();
    for (TensorSpec spec : graph.inputs()) {
      Column column =
          Column.ofInput(spec.name())
              .orElseThrow(() -> new IllegalStateException("an unknown input: " + spec.name()));
      inputs.add(new PaddedInput(column, spec.type(), padId));
    }
    return new Runner(graph.newLane(), List.copyOf(inputs));
  }

  /** From token ids to the graph's outputs, whatever they are. */
  record Runner(GraphLane lane, List<PaddedInput> inputs) implements AutoCloseable {
    void run(int[][] batch, int width) throws EngineException {
      List<Tensor> filled = new ArrayList<>(inputs.size());
      for (PaddedInput input : inputs) {
        filled.add(input.fill(batch, width));
      }
      if (lane.run(filled).isEmpty()) {
        throw new EngineException("the graph gave nothing");
      }
    }

    @Override
    public void close() {
      lane.close();
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
