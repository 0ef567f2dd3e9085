// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of which an item waits, in two orders: by urgency (criticality class, then deadline,
 * then arrival) and by arrival.
 *
 * <p>Holds calls, not items, so that taking back a call costs the same however many items it has:
 * O(log n) in the number of waiting calls. Guarded by the lock of its {@link BatchCore}.
 */
final class WaitingQueue<T, R> {
  private final Map<Criticality, NavigableSet<PendingCall<T, R>>> byClass =
      new EnumMap<>(Criticality.class);
  private final LinkedHashSet<PendingCall<T, R>> byArrival = new LinkedHashSet<>();

  WaitingQueue() {
    for (Criticality criticality : Criticality.values()) {
      byClass.put(criticality, new TreeSet<>(PendingCall.BY_DEADLINE));
    }
  }

  void add(PendingCall<T, R> call) {
    classOf(call).add(call);
    byArrival.add(call);
  }

  /** Does nothing when the call is not in the queue. */
  void remove(PendingCall<T, R> call) {
    if (byArrival.remove(call)) {
      classOf(call).remove(call);
    }
  }

  int size() {
    return byArrival.size();
  }

  boolean isEmpty() {
    return byArrival.isEmpty();
  }

  /** The call that arrived first. */
  @Nullable PendingCall<T, R> oldest() {
    return byArrival.isEmpty() ? null : byArrival.iterator().next();
  }

  /** The call with the earliest deadline of all classes. */
  @Nullable PendingCall<T, R> earliest() {
    PendingCall<T, R> earliest = null;
    for (NavigableSet<PendingCall<T, R>> calls : byClass.values()) {
      if (!calls.isEmpty()
          && (earliest == null || PendingCall.BY_DEADLINE.compare(calls.first(), earliest) < 0)) {
        earliest = calls.first();
      }
    }
    return earliest;
  }

  /** Visits calls, most urgent first, until the visitor has seen enough and returns false. */
  void visitByUrgency(Predicate<PendingCall<T, R>> visitor) {
    for (NavigableSet<PendingCall<T, R>> calls : byClass.values()) {
      for (PendingCall<T, R> call : calls) {
        if (!visitor.test(call)) {
          return;
        }
      }
    }
  }

  /** Visits calls, first come first, until the visitor has seen enough and returns false. */
  void visitByArrival(Predicate<PendingCall<T, R>> visitor) {
    for (PendingCall<T, R> call : byArrival) {
      if (!visitor.test(call)) {
        return;
      }
    }
  }

  private NavigableSet<PendingCall<T, R>> classOf(PendingCall<T, R> call) {
    return Objects.requireNonNull(byClass.get(call.criticality()));
  }
}
