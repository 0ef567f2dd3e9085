// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import org.jspecify.annotations.Nullable;

/**
 * Calls when they are due, whatever becomes of those before. One that is due while all workers are
 * at work waits for one of them, which its response time shows, or is dropped and counted.
 */
final class OpenPacer implements Pacer {
  /** So many calls in a row at most, before what has arrived meanwhile is read. */
  private static final int BURST = 64;

  private final Loop loop;
  private final Desk desk;
  private final Seats seats;
  private final Arrivals arrivals;
  private final Rules rules;
  private long due;
  private long freedAt = Long.MIN_VALUE;
  private boolean waiting;
  private boolean over;

  /**
   * @param workers how many there may be; more calls at a time are never under way
   * @param drops whether calls are dropped that would have to wait
   * @param from the time from which arrivals count
   * @param workersFrom when the number of workers begins to change
   * @param whenOver told when no more will be sent
   */
  record Rules(Staircase workers, boolean drops, long from, long workersFrom, Runnable whenOver) {}

  OpenPacer(Loop loop, Desk desk, Seats seats, Arrivals arrivals, Rules rules) {
    this.loop = loop;
    this.desk = desk;
    this.seats = seats;
    this.arrivals = arrivals;
    this.rules = rules;
  }

  @Override
  public void start() {
    next();
    workersChange();
    send();
  }

  @Override
  public void freed(Worker worker, long now) {
    seats.give(worker);
    resume(now);
  }

  @Override
  public void stop() {
    over = true;
  }

  @Override
  public boolean over() {
    return over;
  }

  private void workersChange() {
    if (over) {
      return;
    }
    long now = loop.nanoTime();
    long time = now - rules.workersFrom();
    seats.allow(LoadPlan.bounded(rules.workers().at(time)));
    long change = rules.workers().nextChange(time);
    if (change != Staircase.NEVER) {
      loop.at(rules.workersFrom() + change, this::workersChange);
    }
    resume(now);
  }

  private void resume(long now) {
    if (waiting) {
      waiting = false;
      freedAt = now;
      send();
    }
  }

  /** Sends all that is due, then sets the timer for the next, unless a call waits for a worker. */
  private void send() {
    for (int sent = 0; sent < BURST && !over; sent++) {
      if (due > loop.nanoTime()) {
        loop.at(due, this::send);
        return;
      }
      @Nullable Worker worker = seats.take();
      if (worker != null) {
        over = !desk.send(worker, due, Math.max(due, freedAt));
        if (over) {
          seats.give(worker);
        }
      } else if (rules.drops()) {
        over = !desk.drop(due);
      } else {
        waiting = true;
        return;
      }
      next();
    }
    if (over) {
      rules.whenOver().run();
    } else {
      loop.execute(this::send);
    }
  }

  private void next() {
    long offset = arrivals.next();
    if (offset == Arrivals.NEVER) {
      over = true;
    } else {
      due = rules.from() + offset;
    }
  }
}
