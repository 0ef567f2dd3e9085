// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batching.BatchLimits;
import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Item;
import dev.sluice.batching.SteppedBatcher;
import dev.sluice.batching.SteppedBatcher.Run;
import dev.sluice.batching.TenantShares;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Two tenants who always have something waiting, one of them ten times as much as the other. */
class FairnessTest {
  private static final BatchLimits LIMITS = new BatchLimits(16, 4_096, Duration.ZERO);
  private static final int BATCHES = 2_000;

  private final VirtualTime time = new VirtualTime(0);
  private final SplittableRandom random = new SplittableRandom(1);
  private final Tenant greedy = new Tenant("greedy");
  private final Tenant modest = new Tenant("modest");

  @Test
  void each_gets_his_share_and_is_never_ahead_by_more_than_two_batches() {
    play(new TenantShares(Map.of("greedy", 1, "modest", 1), 1), 1);
  }

  @Test
  void a_share_grows_with_its_weight() {
    play(new TenantShares(Map.of("greedy", 3, "modest", 1), 1), 3);
  }

  /** Asserts that served tokens, divided by weights, never differ by more than the stated lead. */
  private void play(TenantShares shares, double weightOfGreedy) {
    SteppedBatcher<Tenant, Tenant> batcher =
        DynamicBatcher.<Tenant, Tenant>builder(List.of(payloads -> payloads), time, time)
            .batchLimits(LIMITS)
            .tenants(shares)
            .ageing(Duration.ofDays(1))
            .buildStepped();
    double furthest = 0;
    for (int i = 0; i < BATCHES; i++) {
      keepWaiting(batcher, greedy, 300);
      keepWaiting(batcher, modest, 30);
      runOne(batcher);
      double lead = greedy.served / weightOfGreedy - modest.served;
      furthest = Math.max(furthest, Math.abs(lead));
    }
    assertThat(modest.served).isGreaterThan(100.0 * LIMITS.maxTokens());
    // A batch's worth by which one may be ahead, and the batch that took him there.
    assertThat(furthest).isLessThanOrEqualTo(2.0 * LIMITS.maxTokens());
  }

  private void keepWaiting(SteppedBatcher<Tenant, Tenant> batcher, Tenant tenant, int calls) {
    for (; tenant.waiting < calls; tenant.waiting++) {
      Item<Tenant> item = new Item<>(tenant, 1, Lengths.MIXED.draw(random), 1, "");
      batcher.submit(
          new Call<>(List.of(item), Call.NO_DEADLINE, Criticality.CRITICAL, tenant.name), UNHEARD);
    }
  }

  private void runOne(SteppedBatcher<Tenant, Tenant> batcher) {
    if (batcher.next(0) instanceof Run<Tenant, Tenant> run) {
      long longest = 0;
      for (Item<Tenant> item : run.items()) {
        item.payload().waiting--;
        item.payload().served += item.tokens();
        longest = Math.max(longest, item.tokens());
      }
      time.jump(2_000_000 + 200 * longest * run.items().size());
      run.succeeded(run.items().stream().map(Item::payload).toList());
    }
  }

  private static final Completion<Tenant> UNHEARD =
      new Completion<>() {
        @Override
        public void succeeded(List<Tenant> results, CallTiming timing) {}

        @Override
        public void failed(Failure failure, CallTiming timing) {
          throw new IllegalStateException("not to be refused: " + failure);
        }
      };

  private static final class Tenant {
    private final String name;
    private int waiting;
    private double served;

    Tenant(String name) {
      this.name = name;
    }
  }
}
