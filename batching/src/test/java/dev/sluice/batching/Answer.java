// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** A completion that remembers what it was told, and by how many calls. */
final class Answer implements Completion<String> {
  private final List<Object> told = new ArrayList<>();
  private final List<CallTiming> timings = new ArrayList<>();

  @Override
  public synchronized void succeeded(List<String> results, CallTiming timing) {
    told.add(results);
    timings.add(timing);
  }

  @Override
  public synchronized void failed(Failure failure, CallTiming timing) {
    told.add(failure);
    timings.add(timing);
  }

  synchronized boolean isOpen() {
    return told.isEmpty();
  }

  synchronized int count() {
    return told.size();
  }

  /** The only thing it was told: a list of results or a failure. */
  synchronized Object only() {
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  synchronized CallTiming timing() {
    assertThat(timings).hasSize(1);
    return timings.get(0);
  }
}
