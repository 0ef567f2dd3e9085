// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Call;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.Completion;
import dev.sluice.batching.Failure;
import dev.sluice.batching.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call in a {@link ProofWorld} and all that is known about it. */
final class TrackedCall implements Completion<Probe> {
  final int number;
  final List<Probe> probes = new ArrayList<>();
  private final Account account;
  @Nullable Call<Probe> call;
  Ticket ticket = () -> {};
  long submittedNanos;
  boolean admitted;
  boolean cancelled;
  int waitingProbes;

  /** It had an item in a batch that failed for a reason that is not its own. */
  boolean excused;

  /** What it was told: a list of results or a {@link Failure}; null as long as it is open. */
  @Nullable Object told;

  TrackedCall(int number, Account account) {
    this.number = number;
    this.account = account;
  }

  boolean isOpen() {
    return told == null;
  }

  boolean isBad() {
    return probes.stream().anyMatch(probe -> probe.bad);
  }

  boolean isExpired(long now) {
    long deadline = call().deadlineNanos();
    return deadline != Call.NO_DEADLINE && deadline - now <= 0;
  }

  Call<Probe> call() {
    if (call == null) {
      throw new AssertionError("not submitted yet");
    }
    return call;
  }

  @Override
  public void succeeded(List<Probe> results, CallTiming timing) {
    account.told(this, results);
  }

  @Override
  public void failed(Failure failure, CallTiming timing) {
    account.told(this, failure);
  }

  @Override
  public String toString() {
    return "call " + number;
  }
}
