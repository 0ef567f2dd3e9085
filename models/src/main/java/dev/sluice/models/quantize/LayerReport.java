// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.spec.QuantScheme;
import java.util.Optional;

/**
 * What became of one layer.
 *
 * @param name as the model has it
 * @param scheme empty where it stays in FP32
 * @param detail how, or why not
 */
public record LayerReport(String name, Optional<QuantScheme> scheme, String detail) {
  static LayerReport of(LinearLayer layer, TensorPlan plan) {
    return new LayerReport(layer.name(), plan.scheme(), detail(plan));
  }

  private static String detail(TensorPlan plan) {
    return switch (plan) {
      case TensorPlan.Kept kept -> kept.reason();
      case TensorPlan.Dynamic dynamic -> "one scale for each batch";
      case TensorPlan.PerToken token -> "one scale for each token" + smooth(token.smoothing());
      case TensorPlan.Fixed fixed ->
          "step %.3g%s%s"
              .formatted(
                  fixed.scale().step(),
                  smooth(fixed.smoothing()),
                  fixed.outliers().isNone()
                      ? ""
                      : ", %d outlier channels".formatted(fixed.outliers().channels().length));
    };
  }

  private static String smooth(Smoothing smoothing) {
    return smoothing.isNone() ? "" : ", smoothed";
  }

  /** For people. */
  @Override
  public String toString() {
    return "%s: %s, %s".formatted(name, scheme.map(QuantScheme::label).orElse("fp32"), detail);
  }
}
