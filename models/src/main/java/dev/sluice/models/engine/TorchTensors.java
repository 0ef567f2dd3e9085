// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names, types and shapes for a TorchScript module, which declares none: from the configuration
 * where there is one, else argument names from its code and nothing known of types and shapes.
 *
 * @param inputs in the order of {@code forward}
 * @param outputs in the order that it returns them
 */
record TorchTensors(List<TensorSpec> inputs, List<TensorSpec> outputs) {
  private static final Pattern NUMBERED = Pattern.compile(".*__([0-9]{1,4})");

  static TorchTensors of(TorchSignature code, ModelConfig config) throws EngineException {
    return new TorchTensors(inputs(code, config), outputs(code, config));
  }

  private static List<TensorSpec> inputs(TorchSignature code, ModelConfig config)
      throws EngineException {
    if (config.getInputCount() == 0) {
      return code.arguments().stream().map(TorchTensors::unknown).toList();
    }
    if (config.getInputCount() != code.arguments().size()) {
      throw new EngineException(
          "the configuration has %d inputs, but forward takes %d: %s"
              .formatted(config.getInputCount(), code.arguments().size(), code.arguments()));
    }
    List<TensorSpec> specs = new ArrayList<>();
    for (ModelInput input : config.getInputList()) {
      specs.add(ConfigTensors.graphInput(config, input));
    }
    boolean byName = specs.stream().allMatch(spec -> code.arguments().contains(spec.name()));
    return byName
        ? sorted(specs, Comparator.comparingInt(s -> code.arguments().indexOf(s.name())))
        : byNumber(specs);
  }

  private static List<TensorSpec> outputs(TorchSignature code, ModelConfig config)
      throws EngineException {
    if (config.getOutputCount() == 0) {
      if (code.results() < 0) {
        throw new EngineException(
            "forward does not say how many tensors it returns; name the outputs in config.pbtxt");
      }
      List<TensorSpec> specs = new ArrayList<>();
      for (int i = 0; i < code.results(); i++) {
        specs.add(unknown("OUTPUT__" + i));
      }
      return List.copyOf(specs);
    }
    if (code.results() >= 0 && config.getOutputCount() != code.results()) {
      throw new EngineException(
          "the configuration has %d outputs, but forward returns %d"
              .formatted(config.getOutputCount(), code.results()));
    }
    List<TensorSpec> specs = new ArrayList<>();
    for (ModelOutput output : config.getOutputList()) {
      specs.add(ConfigTensors.graphOutput(config, output));
    }
    return byNumber(specs);
  }

  /** By the numbers in names like INPUT__1, if all have one; else in the order of the file. */
  private static List<TensorSpec> byNumber(List<TensorSpec> specs) {
    return specs.stream().allMatch(spec -> NUMBERED.matcher(spec.name()).matches())
        ? sorted(specs, Comparator.comparingInt(TorchTensors::number))
        : List.copyOf(specs);
  }

  private static int number(TensorSpec spec) {
    Matcher matcher = NUMBERED.matcher(spec.name());
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static List<TensorSpec> sorted(List<TensorSpec> specs, Comparator<TensorSpec> order) {
    return specs.stream().sorted(order).toList();
  }

  private static TensorSpec unknown(String name) {
    return new TensorSpec(name, DType.FP32, List.of(-1L), true);
  }
}
