// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import java.util.List;

/**
 * The layers that multiply the same value, such as the three of an attention block. What is done to
 * the value is done once for all of them.
 */
record LayerGroup(String input, List<LinearLayer> layers) {
  LayerGroup {
    layers = List.copyOf(layers);
  }

  /** How many channels the value has. */
  int channels() {
    return layers.getFirst().rows();
  }

  List<Matrix> weights() {
    return layers.stream().map(LinearLayer::weights).toList();
  }
}
