// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.FirstFit;
import dev.sluice.batching.LengthSelection;
import dev.sluice.batching.QueueLimits;
import dev.sluice.batching.Selection;
import dev.sluice.batching.TenantShares;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What one {@link ProofWorld} is like: the batcher's settings, its lanes, its callers, its faults.
 */
record ProofSettings(
    BatchLimits batch,
    QueueLimits queue,
    TenantShares tenants,
    Selection selection,
    long ageingNanos,
    long targetWaitNanos,
    boolean keepsOrder,
    boolean formsEarly,
    int lanes,
    long clockOrigin,
    ServiceModel service,
    int calls,
    double load,
    boolean bursty,
    double badItems,
    double cancels,
    double dated,
    boolean demotes,
    double oddResults,
    double brokenLane,
    double stuckLane,
    double slowLane,
    double jumps,
    boolean storm,
    boolean closes) {
  static final long NO_TARGET = 0;
  private static final long MILLI = 1_000_000;

  static ProofSettings draw(RandomGenerator random) {
    int maxRows = 1 + random.nextInt(random.nextBoolean() ? 4 : 16);
    long maxTokens = 20 + random.nextLong(300);
    BatchLimits batch =
        new BatchLimits(
            maxRows,
            maxTokens,
            random.nextBoolean() ? Long.MAX_VALUE : 20 + random.nextLong(100),
            Duration.ofNanos(sometimes(random, 0.3) ? random.nextLong(5 * MILLI) : 0),
            maxRows > 3 && sometimes(random, 0.3) ? List.of(2, maxRows - 1) : List.of(),
            sometimes(random, 0.3) ? 8 : 1,
            1 + 3 * random.nextDouble());
    return new ProofSettings(
        batch,
        new QueueLimits(
            10 + random.nextInt(150), 100 + random.nextInt(5_000), 100 + random.nextInt(3_000)),
        new TenantShares(
            sometimes(random, 0.5) ? Map.of("a", 1 + random.nextInt(4), "b", 1) : Map.of(),
            sometimes(random, 0.6) ? 1 : 0.3 + 0.6 * random.nextDouble()),
        sometimes(random, 0.7) ? new LengthSelection() : new FirstFit(),
        MILLI * random.nextLong(60),
        sometimes(random, 0.5) ? NO_TARGET : MILLI * (1 + random.nextLong(20)),
        sometimes(random, 0.25),
        sometimes(random, 0.3),
        1 + random.nextInt(3),
        sometimes(random, 0.3) ? Long.MAX_VALUE - random.nextLong(100 * MILLI) : random.nextLong(),
        new ServiceModel(
            1 + random.nextInt((int) (2 * MILLI)),
            random.nextInt(20_000),
            random.nextInt(50_000),
            0.2),
        30 + random.nextInt(120),
        0.3 + (sometimes(random, 0.3) ? 5 : 1.2) * random.nextDouble(),
        sometimes(random, 0.4),
        faulty(random, 0.4, 0.1),
        faulty(random, 0.5, 0.2),
        random.nextDouble(),
        sometimes(random, 0.3),
        faulty(random, 0.2, 0.05),
        faulty(random, 0.2, 0.5),
        faulty(random, 0.2, 0.05),
        faulty(random, 0.3, 0.3),
        faulty(random, 0.2, 0.05),
        sometimes(random, 0.2),
        sometimes(random, 0.2));
  }

  private static boolean sometimes(RandomGenerator random, double probability) {
    return Draws.chance(random, probability);
  }

  /** A rate of faults, 0 in most worlds. */
  private static double faulty(RandomGenerator random, double worlds, double most) {
    return sometimes(random, worlds) ? most * random.nextDouble() : 0;
  }
}
