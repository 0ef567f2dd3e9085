// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batcher without threads: a test is its lanes. The runner answers each payload with itself in
 * upper case, unless the test gives another function.
 */
final class Stepped {
  static final BatchLimits ONE_ROW = new BatchLimits(1, 1_000, Duration.ZERO);
  static final BatchLimits FOUR_ROWS = new BatchLimits(4, 1_000, Duration.ZERO);
  static final QueueLimits ROOMY = new QueueLimits(10_000, 1_000_000, 1_000_000);
  static final long AGEING = 1_000_000;

  final VirtualTime time;
  final BatchCore<String, String> core;
  final List<List<String>> runs = new ArrayList<>();
  final List<Integer> failedRuns = new ArrayList<>();
  final List<@Nullable Failure> ended = new ArrayList<>();
  private UnaryOperator<String> model = Stepped::upperCase;
  private Cost cost = (rows, paddedTokens) -> 0;
  private RunStats running = RunStats.NONE;
  private final IsolatingRunner<String, String> runner;

  Stepped(BatchLimits limits) {
    this(limits, ROOMY, 0);
  }

  Stepped(BatchLimits batch, QueueLimits queue, long origin) {
    this(origin, 1, settings -> settings.batchLimits(batch).queueLimits(queue));
  }

  /** Of one lane, roomy, for four rows, unless the settings say otherwise. */
  Stepped(UnaryOperator<DynamicBatcher.Builder<String, String>> settings) {
    this(0, 1, settings);
  }

  Stepped(long origin, int lanes, UnaryOperator<DynamicBatcher.Builder<String, String>> settings) {
    this.time = new VirtualTime(origin);
    BatchObserver observer =
        new BatchObserver() {
          @Override
          public void batchRan(
              int rows, long tokens, long paddedTokens, long computeNanos, boolean failed) {
            if (failed) {
              failedRuns.add(rows);
            }
          }

          @Override
          public void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {
            ended.add(failure);
          }
        };
    BatchRunner<String, String> unused = payloads -> payloads;
    DynamicBatcher.Builder<String, String> builder =
        DynamicBatcher.builder(Collections.nCopies(lanes, unused), time, time)
            .batchLimits(FOUR_ROWS)
            .queueLimits(ROOMY)
            .ageing(Duration.ofNanos(AGEING));
    DynamicBatcher.Builder<String, String> built = settings.apply(builder.observer(observer));
    this.core = built.core();
    this.runner = new IsolatingRunner<>(core, this::runModel, time, built.observer());
  }

  static String upperCase(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  private List<String> runModel(List<String> payloads) {
    runs.add(List.copyOf(payloads));
    time.advance(cost.nanos(running.rows(), running.paddedTokens()));
    return payloads.stream().map(model).toList();
  }

  /** What the model does with each payload of a run, one after the other. */
  void model(UnaryOperator<String> function) {
    model = function;
  }

  /** How long a batch takes; no time unless told. */
  interface Cost {
    long nanos(int rows, long paddedTokens);
  }

  void cost(Cost function) {
    cost = function;
  }

  /** Makes the model throw on these payloads. */
  void poison(String... names) {
    List<String> bad = List.of(names);
    model(
        payload -> {
          if (bad.contains(payload)) {
            throw new IllegalArgumentException(payload);
          }
          return upperCase(payload);
        });
  }

  Answer submit(Call<String> call) {
    Answer answer = new Answer();
    core.submit(call, answer);
    return answer;
  }

  /** The batch that is due; null for none. */
  @Nullable FormedBatch<String, String> due() {
    return due(0);
  }

  @Nullable FormedBatch<String, String> due(int lane) {
    return (FormedBatch<String, String>) core.nextTask(lane);
  }

  FormedBatch<String, String> form() {
    return Objects.requireNonNull(due(), "no batch is due");
  }

  void run(FormedBatch<String, String> batch) {
    running = batch.stats();
    runner.run(batch);
  }

  /** Forms a batch and runs it; returns the payloads of its first run. */
  List<String> step() {
    int before = runs.size();
    run(form());
    return runs.get(before);
  }

  /** Forms and runs until nothing is due. */
  void runAll() {
    for (var batch = due(); batch != null; batch = due()) {
      run(batch);
    }
  }

  static List<String> names(FormedBatch<String, String> batch) {
    return batch.members().stream().map(member -> member.item().payload()).toList();
  }

  void assertNothingIsLeft() {
    assertThat(core.load()).isEqualTo(new Batcher.Load(0, 0, 0, 0));
    assertThat(due()).isNull();
  }
}
