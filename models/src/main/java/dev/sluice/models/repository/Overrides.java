// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.Task;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.spec.VariantSettings;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What {@code model.yaml} says; empty where it says nothing.
 *
 * @param variants what holds, be it said here or by the server
 * @param inputs as the model file takes them, the batch dimension included
 * @param outputs likewise
 */
record Overrides(
    Optional<Task> task,
    Optional<EngineKind> engine,
    Optional<String> file,
    Optional<DeviceChoice> device,
    OptionalInt lanes,
    OptionalInt maxBatchRows,
    OptionalLong maxBatchTokens,
    Optional<Duration> linger,
    OptionalInt maxQueueRows,
    Optional<Duration> queueTimeout,
    FormingOverrides forming,
    VariantSettings variants,
    Optional<Pooling> pooling,
    Optional<Boolean> normalize,
    OptionalInt maxTokens,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs) {

  Overrides {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  boolean asks(Task wanted) {
    return task.isPresent() && task.get() == wanted;
  }

  /** The settings with every one replaced that is set here. */
  ModelSettings settings(ModelSettings base) {
    return new ModelSettings(
        device.orElse(base.device()),
        lanes.isPresent() ? lanes : base.lanes(),
        maxBatchRows.isPresent() ? maxBatchRows : base.maxBatchRows(),
        maxBatchTokens.isPresent() ? maxBatchTokens : base.maxBatchTokens(),
        linger.orElse(base.linger()),
        maxQueueRows.isPresent() ? maxQueueRows : base.maxQueueRows(),
        queueTimeout.orElse(base.queueTimeout()),
        forming.over(base.forming()),
        variants);
  }

  /**
   * The configuration with the tensors replaced that are declared here.
   *
   * @throws RefusedException when the two contradict each other
   */
  ModelConfig config(ModelConfig base) throws RefusedException {
    int declared = base.getMaxBatchSize();
    if (declared > 0 && maxBatchRows.isPresent() && maxBatchRows.getAsInt() > declared) {
      throw new RefusedException(
          "model.yaml: max_batch_rows "
              + maxBatchRows.getAsInt()
              + " is above max_batch_size "
              + declared
              + " of config.pbtxt; raise that one too");
    }
    if (inputs.isEmpty() && outputs.isEmpty()) {
      return base;
    }
    return DeclaredTensors.apply(base, this);
  }
}
