// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.loadtest.bench.engine.Contender.Runner;
import dev.sluice.loadtest.bench.engine.Rate.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs the contenders in turn, again and again in one process, so that whatever else the machine
 * does hurts all alike. Each runs the batch size that was the fastest for it in a trial beforehand.
 */
final class EngineBench {
  private static final List<Integer> ROWS = List.of(1, 2, 4, 8, 16, 32);
  private static final int MOST_TOKENS = 2048;
  private static final int FIRST_ID = 1000;
  private static final int LAST_ID = 20_000;
  private static final int PAD_ID = 0;

  private final Plan plan;
  private final Rate rate;
  private final Consumer<String> progress;

  /**
   * @param lengths tokens of a text
   * @param window of one measurement
   */
  record Plan(List<Integer> lengths, int rounds, Duration window) {
    Duration trial() {
      return window.dividedBy(2);
    }
  }

  EngineBench(Plan plan, LongSupplier nanoTime, Consumer<String> progress) {
    this.plan = plan;
    this.rate = new Rate(nanoTime);
    this.progress = progress;
  }

  /** Tokens per second, for each length and contender a figure from each round. */
  EngineResults run(List<Contender> contenders, Peaks peaks)
      throws ExecutionException, InterruptedException {
    EngineResults results = new EngineResults();
    try (rate) {
      for (int length : plan.lengths()) {
        progress.accept("%d tokens: finding batch sizes".formatted(length));
        List<Entry> entries = new ArrayList<>();
        for (Contender contender : contenders) {
          entries.add(new Entry(contender, length, bestRows(contender, length)));
        }
        for (int round = 1; round <= plan.rounds(); round++) {
          progress.accept("%d tokens: round %d of %d".formatted(length, round, plan.rounds()));
          results.add(length, peaks.measure(rate, plan.trial()));
          for (Entry entry : entries) {
            results.add(entry, tokensPerSecond(entry, plan.window()));
          }
        }
      }
    }
    return results;
  }

  private int bestRows(Contender contender, int length)
      throws ExecutionException, InterruptedException {
    int best = 1;
    double most = 0;
    for (int rows : ROWS) {
      if (rows == 1 || rows * length <= MOST_TOKENS) {
        double tokens = tokensPerSecond(new Entry(contender, length, rows), plan.trial());
        if (tokens > most) {
          most = tokens;
          best = rows;
        }
      }
    }
    return best;
  }

  private double tokensPerSecond(Entry entry, Duration time)
      throws ExecutionException, InterruptedException {
    List<Batches> lanes = new ArrayList<>();
    try {
      for (int lane = 0; lane < entry.contender().lanes(); lane++) {
        lanes.add(new Batches(entry.contender().runner(PAD_ID), batch(entry, lane)));
      }
      return rate.perSecond(lanes, time) * entry.rows() * entry.length();
    } finally {
      lanes.forEach(Batches::close);
    }
  }

  private static int[][] batch(Entry entry, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] rows = new int[entry.rows()][entry.length()];
    for (int[] row : rows) {
      Arrays.setAll(row, i -> random.nextInt(FIRST_ID, LAST_ID));
    }
    return rows;
  }

  /** A contender at one length, with its batch size. */
  record Entry(Contender contender, int length, int rows) {}

  private static final class Batches implements Work {
    private final Runner runner;
    private final int[][] batch;

    Batches(Runner runner, int[][] batch) {
      this.runner = runner;
      this.batch = batch;
    }

    @Override
    public void once() throws Exception {
      runner.run(batch, batch[0].length);
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
