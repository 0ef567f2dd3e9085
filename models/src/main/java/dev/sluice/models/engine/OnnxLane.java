// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/** Runs a shared session on the caller's thread. Owned by one thread. */
final class OnnxLane implements GraphLane {
  private final OnnxSignature signature;
  private final Model model;
  private final List<DirectBuffer> staging = new ArrayList<>();

  OnnxLane(OnnxSignature signature, Model model) {
    this.signature = signature;
    this.model = model;
    for (int i = 0; i < signature.inputs().size(); i++) {
      staging.add(new DirectBuffer());
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) throws EngineException {
    InputChecks.require(signature.inputs(), inputs);
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList arrays = new NDList(inputs.size());
      for (int i = 0; i < inputs.size(); i++) {
        TensorSpec spec = signature.inputs().get(i);
        NDArray array = OnnxArrays.toArray(manager, inputs.get(i), staging.get(i));
        array.setName(spec.name());
        arrays.add(array);
      }
      NDList results = model.getBlock().forward(new ParameterStore(manager, false), arrays, false);
      return read(results);
    } catch (OrtException | RuntimeException e) {
      throw new EngineException("the run failed: " + Failures.describe(e), e);
    }
  }

  private List<Tensor> read(NDList results) throws OrtException, EngineException {
    List<Tensor> outputs = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      TensorSpec spec = signature.outputs().get(i);
      if (!(results.get(i) instanceof OrtNDArray array)) {
        throw new EngineException("output '" + spec.name() + "' is not a tensor");
      }
      outputs.add(OnnxArrays.toTensor(spec, array.getTensor()));
    }
    return List.copyOf(outputs);
  }

  @Override
  public void close() {
    staging.clear();
  }
}
