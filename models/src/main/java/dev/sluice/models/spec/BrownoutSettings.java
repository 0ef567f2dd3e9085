// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * When a model goes over to a faster variant, and when it comes back.
 *
 * @param budget how long requests may wait; empty for what the server makes of the model's
 *     objectives
 * @param enter the part of the budget from which on waiting is too long
 * @param leave the part of it below which it is calm again
 * @param stay how long it has to have been calm, and so the least time away
 */
public record BrownoutSettings(
    Optional<Duration> budget, double enter, double leave, Duration stay) {

  public static final BrownoutSettings DEFAULT =
      new BrownoutSettings(Optional.empty(), 0.5, 0.1, Duration.ofSeconds(5));

  public BrownoutSettings {
    if (!(enter > 0 && enter <= 1 && leave > 0 && leave < enter)) {
      throw new IllegalArgumentException(
          "brownout: leave must be above 0 and below enter, which is at most 1, not leave "
              + leave
              + " and enter "
              + enter);
    }
  }
}
