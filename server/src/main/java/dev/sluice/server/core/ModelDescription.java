// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.util.List;
import java.util.Map;

/**
 * @param versions those that are ready, in ascending order
 * @param inputs with the batch dimension leading where the model batches
 * @param labels per output name, the class names by index; empty where there are none
 * @param variants its own precision first
 */
public record ModelDescription(
    String name,
    String version,
    List<String> versions,
    String platform,
    List<TensorSpec> inputs,
    List<TensorSpec> outputs,
    ModelConfig config,
    Map<String, List<String>> labels,
    List<VariantStatus> variants) {}
