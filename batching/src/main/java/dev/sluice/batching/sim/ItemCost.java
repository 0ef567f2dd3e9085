// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Criticality;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Item;
import dev.sluice.batching.NanoClock;
import dev.sluice.batching.SteppedBatcher;
import dev.sluice.batching.SteppedBatcher.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Measures what the batcher itself costs for each item: submitting it, forming its batch and
 * completing it, with four batches' worth waiting, on one thread.
 */
final class ItemCost {
  private static final int ROUNDS = 150;
  private static final int COUNTED_ROUNDS = 41;
  private static final int BATCHES = 100;
  private static final int WAITING_BATCHES = 4;
  private static final int ITEMS = 1 << 12;
  private static final long BATCH_NANOS = 5_000_000;
  private static final long DEADLINE_NANOS = 10_000_000_000L;

  private static final Completion<Integer> UNHEARD =
      new Completion<>() {
        @Override
        public void succeeded(List<Integer> results, CallTiming timing) {}

        @Override
        public void failed(Failure failure, CallTiming timing) {
          throw new IllegalStateException("the batcher failed a call: " + failure);
        }
      };

  private final NanoClock clock;
  private final VirtualTime time = new VirtualTime(0);
  private final SteppedBatcher<Integer, Integer> batcher;
  private final List<Item<Integer>> items = new ArrayList<>();
  private int next;

  ItemCost(NanoClock clock) {
    this.clock = clock;
    this.batcher =
        DynamicBatcher.<Integer, Integer>builder(
                List.of(payloads -> payloads), time, (delay, task) -> () -> {})
            .batchLimits(ServerKind.GPU.limits())
            .buildStepped();
    RandomGenerator random = new SplittableRandom(1);
    for (int i = 0; i < ITEMS; i++) {
      items.add(new Item<>(i, 1, Lengths.MIXED.draw(random), 1, ""));
    }
  }

  /** The median of the rounds after those that warm up. */
  double nanos() {
    int rows = ServerKind.GPU.maxRows();
    submit(WAITING_BATCHES * rows);
    double[] rounds = new double[COUNTED_ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = clock.nanoTime();
      int done = 0;
      for (int i = 0; i < BATCHES; i++) {
        done += runOne();
      }
      rounds[round % COUNTED_ROUNDS] = (double) (clock.nanoTime() - start) / done;
    }
    Arrays.sort(rounds);
    return rounds[COUNTED_ROUNDS / 2];
  }

  private int runOne() {
    if (!(batcher.next(0) instanceof Run<Integer, Integer> run)) {
      throw new IllegalStateException("no batch although calls wait");
    }
    List<Integer> payloads = new ArrayList<>();
    run.items().forEach(item -> payloads.add(item.payload()));
    time.jump(BATCH_NANOS);
    run.succeeded(payloads);
    submit(payloads.size());
    return payloads.size();
  }

  private void submit(int count) {
    long deadline = time.nanoTime() + DEADLINE_NANOS;
    for (int i = 0; i < count; i++) {
      Item<Integer> item = items.get(next++ & (ITEMS - 1));
      batcher.submit(new Call<>(List.of(item), deadline, Criticality.CRITICAL, ""), UNHEARD);
    }
  }
}
