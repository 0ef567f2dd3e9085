// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.spec.FidelityBudget;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.QuantScheme;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be made.
 *
 * @param variant as requests spell it; {@code fp32} for the model itself, made faster
 * @param scheme how INT8 is made; empty for what is best for the model
 * @param budget how far it may be from the model
 * @param calibration a file of inputs as the model will see them; empty for those that come with
 *     the program
 */
public record Order(
    ModelSpec model,
    String variant,
    Optional<QuantScheme> scheme,
    FidelityBudget budget,
    Optional<Path> calibration) {
  /** The variant that is the model itself, faster. */
  public static final String FP32 = "fp32";

  public static final String INT8 = "int8";
}
