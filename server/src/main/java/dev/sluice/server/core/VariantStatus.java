// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.fidelity.Fidelity;
import dev.sluice.models.spec.FidelityBudget;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one variant of a model version stands.
 *
 * @param step what is done now while it is being made; else empty
 * @param share of the whole making that is done
 * @param reason why it is refused; else empty
 * @param fidelity how near it is to the model's own precision; null for that one, and where nothing
 *     has been measured yet
 */
public record VariantStatus(
    String name,
    State state,
    String step,
    double share,
    String reason,
    @Nullable Fidelity fidelity) {

  /** Its life; a version that is retired ends it at any point. */
  public enum State {
    /** Nobody has asked for it. Becomes QUEUED. */
    OFFERED,
    /** Asked for; its turn is to come. Becomes MAKING. */
    QUEUED,
    /** Becomes MAKING with every step, LOADING, or REFUSED. */
    MAKING,
    /** It is made and good enough. Becomes READY or REFUSED. */
    LOADING,
    /** It serves, until its version is retired. The model's own precision begins here. */
    READY,
    /** It cannot be had, until its version is retired. */
    REFUSED;

    boolean mayBecome(State next) {
      return next(this).contains(next);
    }

    private static Set<State> next(State from) {
      return switch (from) {
        case OFFERED -> EnumSet.of(QUEUED);
        case QUEUED -> EnumSet.of(MAKING);
        case MAKING -> EnumSet.of(MAKING, LOADING, REFUSED);
        case LOADING -> EnumSet.of(READY, REFUSED);
        case READY, REFUSED -> EnumSet.noneOf(State.class);
      };
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  VariantStatus(String name, State state) {
    this(name, state, "", 0, "", null);
  }

  /** Somebody wants it, and it is on its way or there. */
  boolean wanted() {
    return state != State.OFFERED && state != State.REFUSED;
  }

  /** How many times as fast as the model itself; 0 where it is not within the budget. */
  double speedWithin(FidelityBudget budget) {
    return fidelity != null && FidelityText.within(fidelity, budget) ? fidelity.speedRatio() : 0;
  }

  /** For people, in one line. */
  public String text() {
    return switch (state) {
      case OFFERED -> "offered; made when first asked for";
      case QUEUED -> "to be made when its turn comes";
      case MAKING ->
          "being made: %s, %d %%".formatted(step, (int) (100 * Math.clamp(share, 0.0, 1.0)));
      case LOADING -> "being loaded";
      case READY -> fidelity == null ? "ready" : "ready: " + FidelityText.of(fidelity);
      case REFUSED -> "refused: " + reason;
    };
  }
}
