// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.BatchRunner;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorBatches;
import java.util.ArrayList;
import java.util.List;

/**
 * A lane of a tensor model, as the batcher sees it: puts the tensors of a batch under one another,
 * runs once, and cuts every output into the rows of each request.
 */
record TensorRunner(TensorModel model, GraphLane lane)
    implements BatchRunner<List<Tensor>, List<Tensor>> {
  @Override
  public List<List<Tensor>> run(List<List<Tensor>> payloads) throws EngineException {
    if (payloads.size() == 1) {
      return List.of(lane.run(payloads.get(0)));
    }
    List<Integer> rows = new ArrayList<>(payloads.size());
    for (List<Tensor> inputs : payloads) {
      rows.add((int) inputs.get(0).dim(0));
    }
    List<Tensor> outputs = lane.run(together(payloads));
    List<List<Tensor>> results = new ArrayList<>(payloads.size());
    for (int i = 0; i < payloads.size(); i++) {
      results.add(new ArrayList<>(outputs.size()));
    }
    for (Tensor output : outputs) {
      List<Tensor> parts = TensorBatches.split(output, rows);
      for (int i = 0; i < parts.size(); i++) {
        results.get(i).add(parts.get(i));
      }
    }
    return results;
  }

  private static List<Tensor> together(List<List<Tensor>> payloads) {
    int inputs = payloads.get(0).size();
    List<Tensor> whole = new ArrayList<>(inputs);
    for (int input = 0; input < inputs; input++) {
      List<Tensor> parts = new ArrayList<>(payloads.size());
      for (List<Tensor> payload : payloads) {
        parts.add(payload.get(input));
      }
      whole.add(TensorBatches.concatenate(parts));
    }
    return whole;
  }

  @Override
  public void check() throws EngineException {
    model.check(lane);
  }

  @Override
  public void close() {
    lane.close();
  }
}
