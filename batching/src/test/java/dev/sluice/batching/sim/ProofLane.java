// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import dev.sluice.batching.Item;
import dev.sluice.batching.SteppedBatcher.Run;
import java.util.List;
import java.util.Objects;

/** One lane of a {@link ProofWorld}: the batch it has, and the part of it that runs. */
final class ProofLane {
  private static final int HARMLESS_BAD_ITEMS = 4;
  private static final int RERUNS_PER_LEVEL = 8;

  final double slowness;
  boolean busy;
  boolean out;
  long brokenUntilNanos;
  private final Account account;
  private List<Item<Probe>> batch = List.of();
  private List<Item<Probe>> part = List.of();
  private int reruns;

  ProofLane(Account account, double slowness) {
    this.account = account;
    this.slowness = slowness;
  }

  boolean isBroken(long elapsedNanos) {
    return elapsedNanos < brokenUntilNanos;
  }

  /** It has been given something to run. */
  void starts(Run<Probe, Probe> run) {
    busy = true;
    part = run.items();
    if (part.get(0).payload().phase == Probe.Phase.SUSPECT) {
      account.relaunched(part);
      reruns++;
      int levels = Integer.SIZE - Integer.numberOfLeadingZeros(batch.size() - 1);
      Account.require(reruns <= RERUNS_PER_LEVEL * levels, "few runs to bisect", reruns);
    } else {
      endsBatch();
      batch = part;
      reruns = 0;
      account.launched(batch);
    }
  }

  /** It has been given nothing to run, or another batch: every item it had is settled. */
  void endsBatch() {
    batch.forEach(item -> account.settled(item.payload()));
    batch = List.of();
  }

  boolean isBisecting() {
    return batch.stream().anyMatch(item -> item.payload().phase == Probe.Phase.SUSPECT);
  }

  /** Whether the part holds an item that no lane can run. */
  boolean hasBadItem() {
    return part.stream().anyMatch(item -> item.payload().bad);
  }

  /** The part ran well; to be called before the batcher hears of it. */
  List<Probe> succeeds() {
    busy = false;
    part.forEach(item -> account.settled(item.payload()));
    return part.stream().map(Item::payload).toList();
  }

  /**
   * The part failed; to be called before the batcher hears of it.
   *
   * @param ownFault whether the lane failed it, and not one of its items
   */
  void fails(boolean ownFault) {
    busy = false;
    long bad = batch.stream().filter(item -> item.payload().bad).count();
    for (Item<Probe> item : ownFault || bad > HARMLESS_BAD_ITEMS ? batch : List.<Item<Probe>>of()) {
      item.payload().call.excused = true;
    }
    for (Item<Probe> item : part) {
      Probe probe = Objects.requireNonNull(item.payload());
      if (part.size() == 1) {
        account.settled(probe);
      } else {
        probe.phase = Probe.Phase.SUSPECT;
      }
    }
  }
}
