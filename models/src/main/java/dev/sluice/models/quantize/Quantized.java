// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.spec.QuantScheme;
import java.util.List;
import java.util.Optional;

/**
 * A quantized model and how it was made.
 *
 * @param layers all layers with constant weights, in the order in which they run
 * @param closeness to the model's own answers to the calibration inputs; empty where there was
 *     nothing to measure
 */
public record Quantized(OnnxModel model, List<LayerReport> layers, Optional<Closeness> closeness) {
  public Quantized {
    layers = List.copyOf(layers);
  }

  /** How many layers are quantized in this way. */
  public long count(QuantScheme scheme) {
    return layers.stream().filter(layer -> layer.scheme().equals(Optional.of(scheme))).count();
  }

  /** How many layers stay in FP32. */
  public long kept() {
    return layers.stream().filter(layer -> layer.scheme().isEmpty()).count();
  }
}
