// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import org.jspecify.annotations.Nullable;

/** As many calls at a time as there are workers: each begins when another has ended. */
final class ClosedPacer implements Pacer {
  private final Loop loop;
  private final Desk desk;
  private final Seats seats;
  private final Staircase workers;
  private final long from;
  private final Runnable whenOver;
  private boolean over;

  /**
   * @param from when the number of workers begins to change
   * @param whenOver told when no more can be sent
   */
  ClosedPacer(Loop loop, Desk desk, Seats seats, Staircase workers, long from, Runnable whenOver) {
    this.loop = loop;
    this.desk = desk;
    this.seats = seats;
    this.workers = workers;
    this.from = from;
    this.whenOver = whenOver;
  }

  @Override
  public void start() {
    if (over) {
      return;
    }
    long time = loop.nanoTime() - from;
    seats.allow(LoadPlan.bounded(workers.at(time)));
    long change = workers.nextChange(time);
    if (change != Staircase.NEVER) {
      loop.at(from + change, this::start);
    }
    fill();
  }

  @Override
  public void freed(Worker worker, long now) {
    seats.give(worker);
    fill();
  }

  @Override
  public void stop() {
    over = true;
  }

  @Override
  public boolean over() {
    return over;
  }

  private void fill() {
    while (!over) {
      @Nullable Worker worker = seats.take();
      if (worker == null) {
        return;
      } else if (!desk.sendNow(worker)) {
        seats.give(worker);
        over = true;
        whenOver.run();
      }
    }
  }
}
