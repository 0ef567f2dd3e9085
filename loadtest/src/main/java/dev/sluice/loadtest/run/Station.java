// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import io.grpc.Status;

/**
 * All that one loop does in a run: a {@link Pacer} and the {@link Desk} that it sends by, and
 * handing over what was counted, period by period. Used on the loop, but for {@link #open} and
 * {@link #stop}.
 *
 * <p>It is open until its pacer is over and the last of its calls has ended; then it hands over
 * what is left, and is done.
 */
final class Station {
  private static final Status CLOSING =
      Status.CANCELLED.withDescription("grpc: the client connection is closing");

  private final GuardedLoop loop;
  private final int number;
  private final Times times;
  private final Ledger ledger;
  private final Desk desk;
  private final Pacer pacer;
  private long period;
  private long cpuAtStart;
  private boolean done;

  /**
   * When things happen, in the loops' time.
   *
   * @param measure from when calls count
   * @param end when nothing more is sent; {@link Staircase#NEVER} if no time is set
   */
  record Times(long start, long measure, long end) {}

  /** What becomes of the calls under way when a run is stopped. */
  enum Rest {
    COUNTED_AS_CUT_OFF,
    NOT_COUNTED,
    AWAITED
  }

  /** Makes the two, of a desk's hearer and a pacer's. */
  interface Crew {
    Desk desk(GuardedLoop loop, Desk.Freed freed);

    Pacer pacer(GuardedLoop loop, Desk desk, Runnable whenOver);
  }

  Station(int number, GuardedLoop loop, Times times, Ledger ledger, Crew crew) {
    this.number = number;
    this.loop = loop;
    this.times = times;
    this.ledger = ledger;
    this.desk = crew.desk(loop, (worker, now) -> loop.guarded(() -> freed(worker, now)));
    this.pacer = crew.pacer(loop, desk, this::look);
  }

  /**
   * @param timeIsOver told at the end of the time that was set
   */
  void open(Runnable timeIsOver) {
    loop.at(times.start(), pacer::start);
    loop.at(times.measure(), () -> cpuAtStart = loop.cpuNanos());
    loop.at(times.measure() + ledger.periodNanos(), this::endPeriod);
    if (times.end() != Staircase.NEVER) {
      loop.at(times.end(), timeIsOver);
    }
  }

  /** From any thread; only the last of several counts. */
  void stop(Rest rest) {
    loop.execute(
        () -> {
          pacer.stop();
          if (rest != Rest.AWAITED) {
            desk.cutOff(CLOSING, rest == Rest.COUNTED_AS_CUT_OFF);
          }
          look();
        });
  }

  private void freed(Worker worker, long now) {
    pacer.freed(worker, now);
    look();
  }

  private void look() {
    if (!done && pacer.over() && desk.inFlight() == 0) {
      done = true;
      long now = loop.nanoTime();
      double measured = Math.max(1, now - times.measure());
      double cpu = now <= times.measure() ? 0 : (loop.cpuNanos() - cpuAtStart) / measured;
      ledger.last(number, period, desk.swap(ledger.empty()), cpu, now - times.measure());
    }
  }

  private void endPeriod() {
    if (!done) {
      ledger.period(number, period, desk.swap(ledger.empty()), desk.inFlight());
      period++;
      loop.at(times.measure() + (period + 1) * ledger.periodNanos(), this::endPeriod);
    }
  }
}
