// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Runs a shared module on the caller's thread. Owned by one thread. */
final class PyTorchLane implements GraphLane {
  private final TorchTensors tensors;
  private final Model model;
  private final List<DirectBuffer> staging = new ArrayList<>();

  PyTorchLane(TorchTensors tensors, Model model) {
    this.tensors = tensors;
    this.model = model;
    for (int i = 0; i < tensors.inputs().size(); i++) {
      staging.add(new DirectBuffer());
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs) throws EngineException {
    InputChecks.require(tensors.inputs(), inputs);
    // Results attach to the manager of the inputs, so closing it frees all arrays of this run.
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList arrays = new NDList(inputs.size());
      for (int i = 0; i < inputs.size(); i++) {
        // Without a name: DJL reads dots and brackets in names as instructions.
        arrays.add(toArray(manager, tensors.inputs().get(i), inputs.get(i), staging.get(i)));
      }
      return read(model.getBlock().forward(new ParameterStore(manager, false), arrays, false));
    } catch (RuntimeException e) {
      throw new EngineException("the run failed: " + Failures.describe(e), e);
    }
  }

  private static NDArray toArray(
      NDManager manager, TensorSpec spec, Tensor tensor, DirectBuffer staging)
      throws EngineException {
    DataType type =
        TorchTypes.djl(tensor.type())
            .orElseThrow(
                () ->
                    new EngineException(
                        "input '%s' cannot be %s: PyTorch has no such type"
                            .formatted(spec.name(), tensor.type())));
    ByteBuffer data = staging.reachable(tensor.data(), tensor.type().byteSize());
    return manager.create(data, new Shape(tensor.shape()), type);
  }

  private List<Tensor> read(NDList results) throws EngineException {
    List<TensorSpec> specs = tensors.outputs();
    if (results.size() != specs.size()) {
      throw new EngineException(
          "the model returned %d tensors, not %d".formatted(results.size(), specs.size()));
    }
    List<Tensor> outputs = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      outputs.add(toTensor(specs.get(i), named(results, specs.get(i).name(), i)));
    }
    return List.copyOf(outputs);
  }

  /** A dict names its tensors; all else comes in order. */
  private static NDArray named(NDList results, String name, int position) {
    NDArray byName = results.get(name);
    return byName != null ? byName : results.get(position);
  }

  private static Tensor toTensor(TensorSpec spec, NDArray array) throws EngineException {
    DType type =
        TorchTypes.ours(array.getDataType())
            .orElseThrow(
                () ->
                    new EngineException(
                        "output '%s' has the type %s, which cannot be served"
                            .formatted(spec.name(), array.getDataType())));
    if (!spec.anyShape() && type != spec.type()) {
      throw new EngineException(
          "output '%s' is %s, but the configuration says %s"
              .formatted(spec.name(), type, spec.type()));
    }
    long[] shape = array.getShape().getShape();
    ByteBuffer data = array.size() == 0 ? ByteBuffer.allocate(0) : array.toByteBuffer(false);
    return new Tensor(type, shape, data);
  }

  @Override
  public void close() {
    staging.clear();
  }
}
