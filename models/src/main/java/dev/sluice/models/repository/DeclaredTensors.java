// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;
import java.util.List;
import java.util.stream.Stream;

/** Turns the tensors of {@code model.yaml} into Triton's terms, where the batch is not a size. */
final class DeclaredTensors {
  private DeclaredTensors() {}

  /**
   * Puts the declared tensors in place of those of the configuration. The model batches where the
   * configuration says so or the operator set a batch size; then every declared shape must lead
   * with -1.
   */
  static ModelConfig apply(ModelConfig base, Overrides overrides) throws RefusedException {
    ModelConfig.Builder config = base.toBuilder();
    if (config.getMaxBatchSize() == 0 && overrides.maxBatchRows().isPresent()) {
      config.setMaxBatchSize(overrides.maxBatchRows().getAsInt());
    }
    boolean batches = config.getMaxBatchSize() > 0;
    if (batches) {
      checkBatchDimension(overrides);
    }
    if (!overrides.inputs().isEmpty()) {
      config.clearInput();
      for (TensorSpec spec : overrides.inputs()) {
        config.addInput(
            ModelInput.newBuilder()
                .setName(spec.name())
                .setDataType(dataType(spec.type()))
                .addAllDims(dims(spec, batches)));
      }
    }
    if (!overrides.outputs().isEmpty()) {
      config.clearOutput();
      for (TensorSpec spec : overrides.outputs()) {
        config.addOutput(
            ModelOutput.newBuilder()
                .setName(spec.name())
                .setDataType(dataType(spec.type()))
                .addAllDims(dims(spec, batches)));
      }
    }
    return config.build();
  }

  private static void checkBatchDimension(Overrides overrides) throws RefusedException {
    List<TensorSpec> all =
        Stream.concat(overrides.inputs().stream(), overrides.outputs().stream()).toList();
    for (TensorSpec spec : all) {
      if (spec.dims().isEmpty() || spec.dims().getFirst() != -1) {
        throw new RefusedException(
            "model.yaml: the shape of '"
                + ModelNames.printable(spec.name())
                + "' must lead with -1, the batch dimension, as the model runs in batches");
      }
    }
  }

  private static List<Long> dims(TensorSpec spec, boolean batches) {
    return batches ? spec.dims().subList(1, spec.dims().size()) : spec.dims();
  }

  private static DataType dataType(DType type) {
    return type == DType.BYTES ? DataType.TYPE_STRING : DataType.valueOf("TYPE_" + type.name());
  }
}
