// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.spec.BrownoutSettings;
import java.time.Duration;

/**
 * Tells by how long requests wait whether a model has to save time at the expense of precision.
 * Time comes in as data. Not thread-safe.
 *
 * <ul>
 *   <li>FULL becomes REDUCED when somebody or other has waited for {@code enter} of the budget all
 *       through a time as long as the budget: a burst is over before that.
 *   <li>REDUCED becomes FULL when nobody has waited for {@code leave} of the budget for {@code
 *       stay}. Where that proves rash, because it was calm only thanks to the reduction, the next
 *       calm has to last twice as long, and so on up to {@value #MOST_PATIENCE} times.
 * </ul>
 */
final class Brownout {
  enum State {
    FULL,
    REDUCED
  }

  static final int MOST_PATIENCE = 32;

  private final long budgetNanos;
  private final long enterNanos;
  private final long leaveNanos;
  private final long stayNanos;

  private State state = State.FULL;

  /** How long it has to be calm until the reduction ends. */
  private long calmNanos;

  /** Whether the last wait was too long; the next two fields count only then. */
  private boolean standing;

  private long standingSince;
  private long lastStanding;

  /** When the last wait was that was not calm; counts only while REDUCED. */
  private long disturbed;

  /** When the reduction ended; counts only once there was one. */
  private long restored;

  Brownout(Duration budget, BrownoutSettings settings) {
    this.budgetNanos = budget.toNanos();
    this.enterNanos = (long) (budgetNanos * settings.enter());
    this.leaveNanos = (long) (budgetNanos * settings.leave());
    this.stayNanos = settings.stay().toNanos();
    this.calmNanos = 0;
  }

  /**
   * A batch was formed.
   *
   * @param waitNanos how long the item of it that came first has waited
   */
  State waited(long nowNanos, long waitNanos) {
    if (at(nowNanos) == State.REDUCED) {
      if (waitNanos >= leaveNanos) {
        disturbed = nowNanos;
      }
    } else if (stoodLong(nowNanos, waitNanos)) {
      reduce(nowNanos);
    }
    return state;
  }

  /** As of now: calm is nothing that anybody would tell of. */
  State at(long nowNanos) {
    if (state == State.REDUCED && nowNanos - disturbed >= calmNanos) {
      state = State.FULL;
      restored = nowNanos;
      standing = false;
    }
    return state;
  }

  private boolean stoodLong(long nowNanos, long waitNanos) {
    if (waitNanos < enterNanos) {
      standing = false;
      return false;
    }
    // Who waits now has waited when the last batch was formed: between the two it was no better.
    boolean unbroken = standing && nowNanos - waitNanos - lastStanding <= 0;
    if (!unbroken) {
      standing = true;
      standingSince = nowNanos;
    }
    lastStanding = nowNanos;
    return nowNanos - standingSince >= budgetNanos;
  }

  private void reduce(long nowNanos) {
    boolean rash = calmNanos > 0 && nowNanos - restored < calmNanos;
    calmNanos = rash ? Math.min(2 * calmNanos, MOST_PATIENCE * stayNanos) : stayNanos;
    disturbed = nowNanos;
    state = State.REDUCED;
  }
}
