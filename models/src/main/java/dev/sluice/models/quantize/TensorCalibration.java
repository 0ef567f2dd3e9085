// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** Inputs that are tensors already. Immutable. */
record TensorCalibration(List<List<Tensor>> runs) implements Calibration {
  TensorCalibration {
    runs = List.copyOf(runs);
  }

  @Override
  public int size() {
    return runs.size();
  }

  @Override
  public List<Tensor> inputs(int run, List<TensorSpec> wanted) throws EngineException {
    List<Tensor> tensors = runs.get(run);
    if (tensors.size() != wanted.size()) {
      throw new EngineException(
          "%d tensors, but the model takes %d".formatted(tensors.size(), wanted.size()));
    }
    return tensors;
  }
}
