// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Batcher;
import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Takes every call and ends it when the test says so, as often as the test says so. */
final class HeldBatcher<T, R> implements Batcher<T, R> {
  static final CallTiming TIMING = new CallTiming(10, 20, 3);

  final List<Call<T>> calls = new ArrayList<>();
  private final List<Completion<R>> completions = new ArrayList<>();
  int cancelled;
  boolean closed;
  int fit = 1;

  @Override
  public Ticket submit(Call<T> call, Completion<R> completion) {
    calls.add(call);
    completions.add(completion);
    return () -> {
      cancelled++;
      completion.failed(new Failure.Cancelled(), CallTiming.NONE);
    };
  }

  /** Answers the last call, each item by the function. */
  void answer(Function<T, R> result) {
    List<R> results = new ArrayList<>();
    calls.get(calls.size() - 1).items().forEach(item -> results.add(result.apply(item.payload())));
    completions.get(completions.size() - 1).succeeded(results, TIMING);
  }

  void fail(Failure failure) {
    completions.get(completions.size() - 1).failed(failure, TIMING);
  }

  @Override
  public Load load() {
    return new Load(0, 0, 0, 0);
  }

  @Override
  public int fitLanes() {
    return fit;
  }

  @Override
  public void stopAccepting() {}

  @Override
  public boolean awaitIdle(Duration limit) {
    return true;
  }

  @Override
  public void close() {
    closed = true;
  }
}
