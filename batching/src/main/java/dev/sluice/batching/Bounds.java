// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much may wait, of everybody and of one tenant, held against what does. The sheddable classes
 * may fill a part of it only, so that there is room left for what matters more.
 *
 * <p>A call that exceeds a limit by itself is too large: it is refused even when nothing waits,
 * since the limits exist to bound memory, and trying again would never help. Without state.
 */
final class Bounds {
  private final BatchLimits batch;
  private final QueueLimits queue;
  private final double tenantPart;

  Bounds(BatchLimits batch, QueueLimits queue, TenantShares tenants) {
    this.batch = batch;
    this.queue = queue;
    this.tenantPart = tenants.maxShareOfQueue();
  }

  /** Why the call, which costs {@code cost}, can never be admitted, if so. */
  Failure.@Nullable TooLarge tooLarge(Call<?> call, Amount cost) {
    for (Item<?> item : call.items()) {
      if (item.rows() > batch.maxRows()) {
        return new Failure.TooLarge(Budget.BATCH_ROWS, item.rows(), batch.maxRows());
      }
      long padded = (long) item.rows() * batch.padded(item.tokens());
      if (padded > batch.maxTokens()) {
        return new Failure.TooLarge(Budget.BATCH_TOKENS, padded, batch.maxTokens());
      }
    }
    double part = Math.min(tenantPart, part(call.criticality()));
    Excess excess = excess(cost, new Amount(), part);
    return excess == null ? null : new Failure.TooLarge(excess.what, excess.asked, excess.allowed);
  }

  /** Refuses settings with which an item as large as this could never run, or never wait. */
  void checkFits(Item<?> largest) {
    Call<?> call = new Call<>(List.of(largest), Call.NO_DEADLINE, Criticality.SHEDDABLE, "");
    Failure.TooLarge never = tooLarge(call, Amount.of(call));
    if (never != null) {
      boolean waits = !never.limit().isOfBatch();
      double part = waits ? Math.min(tenantPart, part(call.criticality())) : 1;
      throw new IllegalArgumentException(
          "the largest item needs %d %s, but the limit allows %d%s; set it to %d or more"
              .formatted(
                  never.asked(),
                  never.limit(),
                  never.allowed(),
                  part < 1 ? " to a sheddable call of one tenant" : "",
                  (long) Math.ceil(never.asked() / part)));
    }
  }

  /** Which limit does not let the call join what waits; null when none. */
  @Nullable Shortage shortage(Call<?> call, Amount cost, Amount waiting) {
    Excess excess = excess(cost, waiting, part(call.criticality()));
    return excess == null ? null : new Shortage(excess.what, excess.share());
  }

  /** Which limit does not let one of a tenant's calls join those of his; null when none. */
  @Nullable Shortage shortageOfTenant(Amount cost, Amount waiting) {
    Excess excess = tenantPart == 1 ? null : excess(cost, waiting, tenantPart);
    return excess == null ? null : new Shortage(excess.what.ofTenant(), excess.share());
  }

  /** Which part of the queue calls of this class may fill. */
  private static double part(Criticality criticality) {
    return switch (criticality) {
      case CRITICAL_PLUS, CRITICAL -> 1;
      case SHEDDABLE_PLUS -> 0.75;
      case SHEDDABLE -> 0.5;
    };
  }

  private @Nullable Excess excess(Amount cost, Amount waiting, double part) {
    Excess rows = excess(Budget.WAITING_ROWS, cost.rows(), waiting.rows(), queue.maxRows(), part);
    if (rows != null) {
      return rows;
    }
    Excess tokens =
        excess(Budget.WAITING_TOKENS, cost.tokens(), waiting.tokens(), queue.maxTokens(), part);
    return tokens != null
        ? tokens
        : excess(Budget.WAITING_BYTES, cost.bytes(), waiting.bytes(), queue.maxBytes(), part);
  }

  /** A sum that stopped at the largest number may be larger still. */
  private static @Nullable Excess excess(
      Budget what, long asked, long used, long limit, double part) {
    long allowed = part == 1 ? limit : Math.max(1, (long) (limit * part));
    return asked == Long.MAX_VALUE || asked > allowed - used
        ? new Excess(what, asked, allowed, used)
        : null;
  }

  private record Excess(Budget what, long asked, long allowed, long used) {
    double share() {
      return Math.min(1, ((double) asked - (allowed - used)) / Math.max(1, used));
    }
  }

  /**
   * @param share about which part of what waits has to leave before the call fits
   */
  record Shortage(Budget limit, double share) {}
}
