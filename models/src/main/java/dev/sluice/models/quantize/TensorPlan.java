// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.spec.QuantScheme;
import java.util.Optional;

/** What becomes of a value that layers multiply, and with it of these layers. */
sealed interface TensorPlan {
  /** Nothing. */
  record Kept(String reason) implements TensorPlan {}

  /**
   * It is rounded to fixed steps.
   *
   * @param outliers the channels of which what lies beyond the scale is computed in FP32
   */
  record Fixed(Smoothing smoothing, ByteScale scale, Outliers outliers) implements TensorPlan {}

  /** Each row of it is rounded to steps that fit its largest magnitude. */
  record PerToken(Smoothing smoothing) implements TensorPlan {}

  /** All of it is rounded to steps that fit what it is in this run. */
  record Dynamic() implements TensorPlan {}

  /** Empty for what stays in FP32. */
  default Optional<QuantScheme> scheme() {
    return switch (this) {
      case Kept kept -> Optional.empty();
      case Fixed fixed -> Optional.of(QuantScheme.STATIC);
      case PerToken token -> Optional.of(QuantScheme.PER_TOKEN);
      case Dynamic dynamic -> Optional.of(QuantScheme.DYNAMIC);
    };
  }
}
