// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static dev.sluice.batching.Calls.item;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against every batch that could have been, on small windows. */
class LengthSelectionTest {
  private static final int WORLDS = 3_000;
  private static final int MOST = 9;

  /** A world's price of a batch. */
  private record World(double perBatch, double perToken, double perRow) implements Costs {
    @Override
    public boolean known() {
      return true;
    }

    @Override
    public double nanos(long rows, double paddedTokens) {
      return perBatch + perToken * paddedTokens + perRow * rows;
    }
  }

  private final Random random = new Random(7);

  private Window window(BatchLimits limits, long headNanosLeft, List<Item<String>> items) {
    Window window = new Window(limits);
    for (Item<String> item : items) {
      window.add(item, window.size() == 0 ? headNanosLeft : Long.MAX_VALUE);
    }
    window.take(0);
    return window;
  }

  private static int taken(Window window) {
    int mask = 0;
    for (int i = 0; i < window.size(); i++) {
      mask |= window.isTaken(i) ? 1 << i : 0;
    }
    return mask;
  }

  /** What a batch of these gets done for its time; 0 if it is not allowed. */
  private static double score(List<Item<String>> items, int mask, BatchLimits limits, Costs costs) {
    long rows = 0;
    long tokens = 0;
    long bytes = 0;
    int longest = 0;
    double worth = 0;
    for (int i = 0; i < items.size(); i++) {
      if ((mask >> i & 1) != 0) {
        Item<String> item = items.get(i);
        int length = limits.padded(item.tokens());
        rows += item.rows();
        tokens += (long) item.rows() * length;
        bytes += item.bytes();
        longest = Math.max(longest, length);
        long full = Math.max(1, Math.min(limits.maxRows(), limits.maxTokens() / length));
        worth += item.rows() * costs.nanos(full, (double) full * length) / full;
      }
    }
    boolean allowed =
        (mask & 1) != 0
            && rows <= limits.maxRows()
            && rows * longest <= limits.maxTokens()
            && (bytes <= limits.maxBytes() || mask == 1)
            && (limits.allowsWaste(rows * longest, tokens) || mask == 1);
    return allowed ? worth / costs.nanos(rows, (double) rows * longest) : 0;
  }

  private World world() {
    return new World(random.nextInt(2_000), 1 + random.nextInt(5), random.nextInt(200));
  }

  private List<Item<String>> items(int mostRows) {
    int spread = 1 + random.nextInt(100);
    return random
        .ints(2 + random.nextInt(MOST - 1), 1, spread + 1)
        .mapToObj(length -> item("n", 1 + random.nextInt(mostRows), length))
        .toList();
  }

  private double scoreOfChoice(
      List<Item<String>> items, BatchLimits limits, long headNanosLeft, Costs costs) {
    Window window = window(limits, headNanosLeft, items);
    new LengthSelection().select(window, costs);
    double score = score(items, taken(window), limits, costs);
    assertThat(score).as("is allowed: %s", items).isPositive();
    return score;
  }

  private static double best(List<Item<String>> items, BatchLimits limits, Costs costs) {
    double best = 0;
    for (int mask = 1; mask < 1 << items.size(); mask += 2) {
      best = Math.max(best, score(items, mask, limits, costs));
    }
    return best;
  }

  @Test
  void gets_nearly_as_much_done_as_the_best_of_all_batches() {
    double sum = 0;
    double least = 1;
    for (int i = 0; i < WORLDS; i++) {
      BatchLimits limits =
          new BatchLimits(1 + random.nextInt(6), 100 + random.nextInt(300), Duration.ZERO);
      World costs = world();
      List<Item<String>> items = items(1);
      double ratio =
          scoreOfChoice(items, limits, Long.MAX_VALUE, costs) / best(items, limits, costs);
      sum += ratio;
      least = Math.min(least, ratio);
    }
    assertThat(sum / WORLDS).isGreaterThan(0.98);
    assertThat(least).isGreaterThan(0.7);
  }

  @Test
  void stays_within_every_limit_whatever_the_items() {
    for (int i = 0; i < WORLDS; i++) {
      BatchLimits limits =
          new BatchLimits(
              3 + random.nextInt(6),
              300 + random.nextInt(300),
              1 + random.nextInt(6),
              Duration.ZERO,
              List.of(),
              1 + random.nextInt(20),
              1 + 2 * random.nextDouble());
      scoreOfChoice(items(3), limits, random.nextInt(5_000), world());
    }
  }

  @Test
  void equal_lengths_fill_the_batch_with_the_most_urgent() {
    List<Item<String>> items = Collections.nCopies(9, item("n", 1, 10));
    Window window = window(new BatchLimits(4, 1_000, Duration.ZERO), Long.MAX_VALUE, items);
    new LengthSelection().select(window, new World(100, 1, 0));
    assertThat(Integer.toBinaryString(taken(window))).isEqualTo("1111");
  }

  @Test
  void a_short_head_is_not_padded_to_what_others_need() {
    List<Item<String>> items =
        List.of(item("head", 1, 10), item("l", 1, 500), item("l", 1, 500), item("s", 1, 12));
    Window window = window(new BatchLimits(4, 9_000, Duration.ZERO), Long.MAX_VALUE, items);
    new LengthSelection().select(window, new World(10, 1, 0));
    assertThat(Integer.toBinaryString(taken(window))).isEqualTo("1001");
  }

  @Test
  void the_head_is_kept_in_time_if_that_costs_little() {
    List<Item<String>> items = Collections.nCopies(4, item("n", 1, 100));
    BatchLimits limits = new BatchLimits(4, 9_000, Duration.ZERO);
    Costs costs = new World(100, 1, 0);
    for (int rows = 1; rows <= 4; rows++) {
      Window window = window(limits, (long) costs.nanos(rows, rows * 100), items);
      new LengthSelection().select(window, costs);
      // One or two rows get too little done: then the head is late, and the others are not.
      assertThat(window.takenRows()).isEqualTo(rows == 1 ? 4 : rows);
    }
  }
}
