// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.util.Optional;
import java.util.Set;

/**
 * Which variants of a model serve, and who gets which.
 *
 * @param offered variants that may be made of it, by name
 * @param policy who chooses for requests that name no variant
 * @param preferred what {@link Policy#FIXED} chooses; empty for the model's own precision
 * @param scheme how INT8 is made; empty for what is best for the model
 * @param budget how far a variant may be from the model
 * @param servedBelowBudget variants that serve though they miss the budget
 * @param brownout what {@link Policy#BROWNOUT} goes by
 */
public record VariantSettings(
    Set<String> offered,
    Policy policy,
    String preferred,
    Optional<QuantScheme> scheme,
    FidelityBudget budget,
    Set<String> servedBelowBudget,
    BrownoutSettings brownout) {

  /** The variant with INT8 weights, as requests spell it. */
  public static final String INT8 = "int8";

  public static final VariantSettings DEFAULT =
      new VariantSettings(
          Set.of(INT8),
          Policy.FIXED,
          "",
          Optional.empty(),
          FidelityBudget.DEFAULT,
          Set.of(),
          BrownoutSettings.DEFAULT);

  /** Who chooses the variant for requests that name none. */
  public enum Policy {
    /** Always the same one. */
    FIXED,
    /** The fastest of those within their budget. */
    FASTEST,
    /** The model's own precision, and INT8 while waiting eats up the time that answers have. */
    BROWNOUT
  }

  public VariantSettings {
    offered = Set.copyOf(offered);
    servedBelowBudget = Set.copyOf(servedBelowBudget);
  }
}
