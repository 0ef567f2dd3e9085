// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

import java.util.List;

/**
 * What became of an archive's linear layers.
 *
 * @param quantized their weights, by name
 * @param kept those that are as they were
 */
public record TorchScriptReport(List<String> quantized, List<Kept> kept) {
  public TorchScriptReport {
    quantized = List.copyOf(quantized);
    kept = List.copyOf(kept);
  }

  /**
   * A layer that is as it was.
   *
   * @param layer its weights by name, or the method that computes them
   * @param reason for people
   */
  public record Kept(String layer, String reason) {}
}
