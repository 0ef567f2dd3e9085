// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** One ONNX Runtime session, which any number of threads may run at the same time. */
final class OnnxGraph implements Graph {
  private final OnnxSignature signature;
  private final Model model;
  private final String device;

  OnnxGraph(OnnxSignature signature, Model model, String device) {
    this.signature = signature;
    this.model = model;
    this.device = device;
  }

  @Override
  public List<TensorSpec> inputs() {
    return signature.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return signature.outputs();
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public GraphLane newLane() {
    return new OnnxLane(signature, model);
  }

  @Override
  public void close() {
    model.close();
  }
}
