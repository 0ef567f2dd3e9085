// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.QuantScheme;
import java.util.Optional;

/**
 * How a model is to be quantized.
 *
 * @param scheme empty for what is best: fixed scales, and each token's own where those hurt
 * @param ranges how fixed scales follow from calibration
 * @param weights how much of INT8 the weights may use
 * @param budget how far answers may be from the model's; layers stay in FP32 until it is met
 */
public record QuantizeRequest(
    Optional<QuantScheme> scheme, RangeMethod ranges, WeightRange weights, FidelityBudget budget) {

  /** For this machine, with what has proved best. */
  public static QuantizeRequest of(Optional<QuantScheme> scheme, FidelityBudget budget) {
    return new QuantizeRequest(scheme, RangeMethod.MIN_MAX, WeightRange.ofThisMachine(), budget);
  }
}
