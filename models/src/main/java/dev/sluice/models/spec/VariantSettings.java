// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.util.Optional;
import java.util.Set;

/**
 * Which variants of a model serve, and who gets which.
 *
 * @param policy who chooses for requests that name no variant
 * @param preferred what {@link Policy#FIXED} chooses; empty for the model's own precision
 * @param scheme how INT8 is made; empty for what is best for the model
 * @param budget how far a variant may be from the model
 * @param servedBelowBudget variants that serve though they miss the budget
 */
public record VariantSettings(
    Policy policy,
    String preferred,
    Optional<QuantScheme> scheme,
    FidelityBudget budget,
    Set<String> servedBelowBudget) {

  public static final VariantSettings DEFAULT =
      new VariantSettings(Policy.FIXED, "", Optional.empty(), FidelityBudget.DEFAULT, Set.of());

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
    servedBelowBudget = Set.copyOf(servedBelowBudget);
  }
}
