// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** One TorchScript module, which any number of threads may run at the same time. */
final class PyTorchGraph implements Graph {
  private final TorchTensors tensors;
  private final Model model;
  private final String device;

  PyTorchGraph(TorchTensors tensors, Model model, String device) {
    this.tensors = tensors;
    this.model = model;
    this.device = device;
  }

  @Override
  public List<TensorSpec> inputs() {
    return tensors.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return tensors.outputs();
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public GraphLane newLane() {
    return new PyTorchLane(tensors, model);
  }

  @Override
  public void close() {
    // Frees the module too, which is attached to the model's manager.
    model.close();
  }
}
