// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Inputs and outputs in the terms of {@code config.pbtxt}. */
public final class ConfigTensors {
  private ConfigTensors() {}

  /** Empty for a type that is not set. */
  public static Optional<DType> type(DataType type) {
    return switch (type) {
      case TYPE_STRING -> Optional.of(DType.BYTES);
      case TYPE_INVALID, UNRECOGNIZED -> Optional.empty();
      default -> DType.ofName(type.name().substring("TYPE_".length()));
    };
  }

  public static DataType type(DType type) {
    return type == DType.BYTES ? DataType.TYPE_STRING : DataType.valueOf("TYPE_" + type.name());
  }

  /** As the engine sees it: reshaped where the configuration says so, the batch dimension first. */
  static TensorSpec graphInput(ModelConfig config, ModelInput input) throws EngineException {
    return spec(
        config,
        "input",
        input.getName(),
        input.getDataType(),
        input.hasReshape() ? input.getReshape().getShapeList() : input.getDimsList());
  }

  static TensorSpec graphOutput(ModelConfig config, ModelOutput output) throws EngineException {
    return spec(
        config,
        "output",
        output.getName(),
        output.getDataType(),
        output.hasReshape() ? output.getReshape().getShapeList() : output.getDimsList());
  }

  private static TensorSpec spec(
      ModelConfig config, String kind, String name, DataType type, List<Long> dims)
      throws EngineException {
    DType known =
        type(type)
            .orElseThrow(
                () -> new EngineException("%s '%s' has no data_type".formatted(kind, name)));
    List<Long> all = new ArrayList<>(dims.size() + 1);
    if (config.getMaxBatchSize() > 0) {
      all.add(-1L);
    }
    all.addAll(dims);
    return new TensorSpec(name, known, all);
  }
}
