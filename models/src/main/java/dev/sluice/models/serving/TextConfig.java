// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.spec.ModelSpec;
import dev.sluice.proto.inference.DataType;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.inference.ModelDynamicBatching;
import dev.sluice.proto.inference.ModelInput;
import dev.sluice.proto.inference.ModelOutput;

/** What a text model looks like to a client that asks for metadata: strings in, vectors out. */
final class TextConfig {
  static final int DEFAULT_MAX_BATCH = 32;

  private TextConfig() {}

  static ModelConfig complete(ModelSpec spec, int dimensions) {
    ModelConfig.Builder config =
        spec.config().toBuilder()
            .setName(spec.name())
            .setPlatform(spec.engine().platform())
            .setBackend(spec.engine().backend())
            .setMaxBatchSize(maxBatch(spec))
            .clearInput()
            .addInput(
                ModelInput.newBuilder()
                    .setName("text")
                    .setDataType(DataType.TYPE_STRING)
                    .addDims(1))
            .clearOutput()
            .addOutput(
                ModelOutput.newBuilder()
                    .setName("embedding")
                    .setDataType(DataType.TYPE_FP32)
                    .addDims(dimensions));
    if (!config.hasDynamicBatching()) {
      config.setDynamicBatching(ModelDynamicBatching.getDefaultInstance());
    }
    return config.build();
  }

  static int maxBatch(ModelSpec spec) {
    int configured = spec.config().getMaxBatchSize();
    return spec.settings().maxBatchRows().orElse(configured > 0 ? configured : DEFAULT_MAX_BATCH);
  }
}
