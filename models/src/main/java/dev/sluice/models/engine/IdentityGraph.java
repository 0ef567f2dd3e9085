// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives its inputs back as its outputs, in the order of the configuration, as Triton's {@code
 * identity} backend does: a model to try clients, networks and the server itself with. Runs no
 * native code and copies nothing.
 */
record IdentityGraph(List<TensorSpec> inputs, List<TensorSpec> outputs) implements Graph {

  /**
   * @throws EngineException naming what is missing, or the first output that is not its input
   */
  static IdentityGraph of(ModelConfig config) throws EngineException {
    if (config.getInputCount() == 0 || config.getInputCount() != config.getOutputCount()) {
      throw new EngineException(
          "backend \"identity\" needs inputs and as many outputs in config.pbtxt, but there are"
              + " %d and %d".formatted(config.getInputCount(), config.getOutputCount()));
    }
    List<TensorSpec> inputs = new ArrayList<>();
    for (ModelInput input : config.getInputList()) {
      inputs.add(ConfigTensors.graphInput(config, input));
    }
    List<TensorSpec> outputs = new ArrayList<>();
    for (ModelOutput output : config.getOutputList()) {
      TensorSpec spec = ConfigTensors.graphOutput(config, output);
      requireAlike(inputs.get(outputs.size()), spec);
      outputs.add(spec);
    }
    return new IdentityGraph(List.copyOf(inputs), List.copyOf(outputs));
  }

  private static void requireAlike(TensorSpec input, TensorSpec output) throws EngineException {
    if (input.type() != output.type() || !input.dims().equals(output.dims())) {
      throw new EngineException(
          "backend \"identity\": the output '%s' is %s %s, but the input '%s' that it repeats is %s %s"
              .formatted(
                  output.name(),
                  output.type(),
                  output.dims(),
                  input.name(),
                  input.type(),
                  input.dims()));
    }
  }

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public GraphLane newLane() {
    return new Lane(inputs);
  }

  @Override
  public void close() {}

  private record Lane(List<TensorSpec> specs) implements GraphLane {
    @Override
    public List<Tensor> run(List<Tensor> inputs) throws EngineException {
      InputChecks.require(specs, inputs);
      return List.copyOf(inputs);
    }

    @Override
    public void close() {}
  }
}
