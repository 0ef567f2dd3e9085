// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Call;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.Item;
import java.util.List;
import java.util.random.RandomGenerator;

/** Those who call the batcher of a {@link ProofWorld}: how often, and with what. */
final class Callers {
  private static final List<Criticality> CRITICALITIES = List.of(Criticality.values());
  private static final List<String> TENANTS = List.of("a", "b", "c", "");
  private static final int MEAN_ROWS_OF_CALL = 3;
  private static final long MILLI = 1_000_000;

  private final ProofSettings settings;
  private final RandomGenerator random;
  private final int longest;
  private final int tenants;
  private final int levels;
  private final int shapes;

  Callers(ProofSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.longest = 1 + random.nextInt((int) settings.batch().maxTokens());
    this.tenants = 1 + random.nextInt(TENANTS.size());
    this.levels = random.nextBoolean() ? 1 : 3;
    this.shapes = 1 + random.nextInt(2);
  }

  Arrivals arrivals() {
    int length = Math.max(1, longest / 2);
    double rows =
        Math.max(1, Math.min(settings.batch().maxRows(), settings.batch().maxTokens() / length));
    ServiceModel service = settings.service();
    double nanosPerRow =
        service.baseNanos() / rows + service.perTokenNanos() * length + service.perRowNanos();
    double perSecond = settings.load() * settings.lanes() * 1e9 / nanosPerRow / MEAN_ROWS_OF_CALL;
    return settings.bursty()
        ? Arrivals.bursty(perSecond, 4, 10 * MILLI)
        : Arrivals.poisson(perSecond);
  }

  /** Fills in what the call asks for. */
  void draw(TrackedCall call, long now) {
    int items = random.nextInt(10) == 0 ? 1 + random.nextInt(20) : 1 + random.nextInt(2);
    for (int i = 0; i < items; i++) {
      int rows = random.nextInt(6) == 0 ? 1 + random.nextInt(settings.batch().maxRows()) : 1;
      int tokens = 1 + random.nextInt(longest);
      if (random.nextInt(50) > 0) {
        // As most callers do, keep to what a batch may be.
        int step = settings.batch().lengthStep();
        long most = settings.batch().maxTokens() / rows / step * step;
        tokens = (int) Math.max(1, Math.min(tokens, most));
      }
      boolean bad = Draws.chance(random, settings.badItems());
      long bytes = random.nextInt(30);
      call.probes.add(new Probe(call, bad, rows, tokens, bytes, random.nextInt(shapes)));
    }
    List<Item<Probe>> all = call.probes.stream().map(probe -> probe.item).toList();
    call.call =
        new Call<>(
            all,
            Draws.chance(random, settings.dated()) ? now + moment() : Call.NO_DEADLINE,
            CRITICALITIES.get(random.nextInt(CRITICALITIES.size())),
            random.nextInt(levels),
            settings.demotes() && random.nextBoolean() ? now + moment() : Call.NO_DEADLINE,
            TENANTS.get(random.nextInt(tenants)));
  }

  private long moment() {
    return random.nextLong(random.nextBoolean() ? 10 * MILLI : 100 * MILLI) - MILLI / 10;
  }
}
