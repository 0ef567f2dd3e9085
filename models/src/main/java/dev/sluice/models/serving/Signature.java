// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.ConfigTensors;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelDynamicBatching;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A configuration completed from a graph and checked against it.
 *
 * @param inputs all of the graph's, in its order
 * @param outputs those that the configuration names, or all, in the graph's order
 */
record Signature(ModelConfig config, List<ServedTensor> inputs, List<ServedTensor> outputs) {
  private static final int DEFAULT_MAX_BATCH = 32;

  static Signature of(ModelSpec spec, Graph graph) throws EngineException {
    ModelConfig.Builder config =
        spec.config().toBuilder()
            .setName(spec.name())
            .setPlatform(spec.engine().platform())
            .setBackend(spec.engine().backend())
            .setMaxBatchSize(maxBatchSize(spec, graph))
            .clearInput()
            .clearOutput();
    if (config.getMaxBatchSize() > 0 && spec.config().getMaxBatchSize() == 0) {
      // Nobody configured this model: requests for it may share batches.
      config.setDynamicBatching(ModelDynamicBatching.getDefaultInstance());
    }
    // As Triton completes it, and as the lanes are counted.
    config
        .getInstanceGroupBuilderList()
        .forEach(group -> group.setCount(Math.max(1, group.getCount())));
    ConfigCheck check = new ConfigCheck(config.getMaxBatchSize() > 0);
    check.names("input", inputNames(spec.config()), graph.inputs());
    check.names("output", outputNames(spec.config()), graph.outputs());
    List<ServedTensor> inputs = inputs(spec.config(), graph, config, check);
    List<ServedTensor> outputs = outputs(spec.config(), graph, config, check);
    return new Signature(config.build(), inputs, outputs);
  }

  /** A model without a configuration batches when everything leads with a size that varies. */
  private static int maxBatchSize(ModelSpec spec, Graph graph) {
    ModelConfig config = spec.config();
    if (config.getMaxBatchSize() > 0 || config.getInputCount() > 0) {
      return config.getMaxBatchSize();
    }
    boolean batches =
        graph.inputs().stream().allMatch(Signature::leadsWithAnySize)
            && graph.outputs().stream().allMatch(Signature::leadsWithAnySize);
    return batches ? spec.settings().maxBatchRows().orElse(DEFAULT_MAX_BATCH) : 0;
  }

  private static boolean leadsWithAnySize(TensorSpec spec) {
    return !spec.anyShape() && !spec.dims().isEmpty() && spec.dims().get(0) < 0;
  }

  private static List<ServedTensor> inputs(
      ModelConfig given, Graph graph, ModelConfig.Builder config, ConfigCheck check)
      throws EngineException {
    List<ServedTensor> served = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      TensorSpec spec = graph.inputs().get(i);
      Optional<ModelInput> known = input(given, spec.name());
      if (known.isEmpty() && given.getInputCount() > 0) {
        throw new EngineException(
            "the configuration leaves out the input '%s', which the model needs"
                .formatted(spec.name()));
      }
      if (known.isPresent() && known.get().getOptional()) {
        throw new EngineException(
            "the input '%s' is optional in the configuration, but the model needs it"
                .formatted(spec.name()));
      }
      ModelInput input = known.orElseGet(ModelInput::getDefaultInstance);
      List<Long> reshape = input.hasReshape() ? input.getReshape().getShapeList() : null;
      ConfigCheck.Sides sides =
          check.sides("input", spec, input.getDataType(), input.getDimsList(), reshape);
      config.addInput(
          input.toBuilder()
              .setName(spec.name())
              .setDataType(ConfigTensors.type(spec.type()))
              .clearDims()
              .addAllDims(sides.client()));
      served.add(
          new ServedTensor(
              check.clientSpec(spec, sides.client()),
              i,
              new TensorReshape(sides.client(), sides.graph(), check.batched())));
    }
    return List.copyOf(served);
  }

  private static List<ServedTensor> outputs(
      ModelConfig given, Graph graph, ModelConfig.Builder config, ConfigCheck check)
      throws EngineException {
    List<ServedTensor> served = new ArrayList<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      TensorSpec spec = graph.outputs().get(i);
      Optional<ModelOutput> known = output(given, spec.name());
      if (known.isEmpty() && given.getOutputCount() > 0) {
        continue;
      }
      ModelOutput output = known.orElseGet(ModelOutput::getDefaultInstance);
      List<Long> reshape = output.hasReshape() ? output.getReshape().getShapeList() : null;
      ConfigCheck.Sides sides =
          check.sides("output", spec, output.getDataType(), output.getDimsList(), reshape);
      config.addOutput(
          output.toBuilder()
              .setName(spec.name())
              .setDataType(ConfigTensors.type(spec.type()))
              .clearDims()
              .addAllDims(sides.client()));
      served.add(
          new ServedTensor(
              check.clientSpec(spec, sides.client()),
              i,
              new TensorReshape(sides.graph(), sides.client(), check.batched())));
    }
    return List.copyOf(served);
  }

  private static Optional<ModelInput> input(ModelConfig config, String name) {
    return config.getInputList().stream().filter(i -> i.getName().equals(name)).findFirst();
  }

  private static Optional<ModelOutput> output(ModelConfig config, String name) {
    return config.getOutputList().stream().filter(o -> o.getName().equals(name)).findFirst();
  }

  private static List<String> inputNames(ModelConfig config) {
    return config.getInputList().stream().map(ModelInput::getName).toList();
  }

  private static List<String> outputNames(ModelConfig config) {
    return config.getOutputList().stream().map(ModelOutput::getName).toList();
  }
}
