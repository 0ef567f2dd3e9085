// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What waits of one tenant in one rank, and how much service it has had.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Share<T, R> {
  final RankQueue<T, R> rank;
  final Tenant tenant;
  final DeadlineQueue<T, R> calls = new DeadlineQueue<>();

  /** What its waiting items cost. */
  final Amount waiting = new Amount();

  private double served;

  Share(RankQueue<T, R> rank, Tenant tenant) {
    this.rank = rank;
    this.tenant = tenant;
  }

  /** So much waits here from now on. */
  void add(Amount amount) {
    waiting.add(amount);
    rank.waiting.add(amount);
    tenant.waiting.add(amount);
  }

  /** So much waits here no more. */
  void remove(Amount amount) {
    waiting.remove(amount);
    rank.waiting.remove(amount);
    tenant.waiting.remove(amount);
  }

  /** The item waits here no more. */
  void remove(Item<?> item) {
    waiting.remove(item);
    rank.waiting.remove(item);
    tenant.waiting.remove(item);
  }

  /** About what of it is due by then. */
  Ahead dueBy(long dueKey) {
    return Ahead.partOf(waiting, calls.shareDueBy(dueKey));
  }

  /** Tokens served for each unit of its weight. */
  double served() {
    return served;
  }

  /** What serving these tokens adds to {@link #served}. */
  double service(long tokens) {
    return tokens * tenant.perWeight;
  }

  void serve(long tokens) {
    served += service(tokens);
  }

  /** Time in which it wanted nothing earns it nothing. */
  void catchUp(double others) {
    served = Math.max(served, others);
  }
}
