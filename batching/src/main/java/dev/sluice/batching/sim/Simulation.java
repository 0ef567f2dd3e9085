// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.List;
import java.util.random.RandomGenerator;

/** One policy serving one workload, in virtual time. */
final class Simulation {
  private final VirtualTime time;
  private final Workload workload;
  private final Scheduler scheduler;
  private final ServiceModel service;
  private final RandomGenerator noise;
  private final boolean[] busy;
  private final Tally tally;

  /**
   * @param time also the clock and the timer of the scheduler
   */
  Simulation(
      VirtualTime time,
      Workload workload,
      Scheduler scheduler,
      int lanes,
      ServiceModel service,
      RandomGenerator noise) {
    this.time = time;
    this.workload = workload;
    this.scheduler = scheduler;
    this.service = service;
    this.noise = noise;
    this.busy = new boolean[lanes];
    this.tally = new Tally(workload);
  }

  /** Serves everything; returns what came of it. */
  Outcome run() {
    scheduleArrival(0);
    while (time.step()) {
      for (int lane = 0; lane < busy.length; lane++) {
        if (!busy[lane]) {
          launch(lane, scheduler.next(lane));
        }
      }
    }
    return tally.outcome();
  }

  private void scheduleArrival(int number) {
    if (number < workload.requests().size()) {
      Request request = workload.requests().get(number);
      time.schedule(
          request.arrivalNanos() - time.elapsedNanos(),
          () -> {
            scheduler.arrived(request);
            scheduleArrival(number + 1);
          });
    }
  }

  private void launch(int lane, List<Request> batch) {
    if (batch.isEmpty()) {
      return;
    }
    long longest = 0;
    long tokens = 0;
    for (Request request : batch) {
      longest = Math.max(longest, scheduler.tokens(request));
      tokens += request.tokens();
    }
    long padded = longest * batch.size();
    tally.launched(batch, tokens, padded);
    busy[lane] = true;
    time.schedule(
        service.nanos(batch.size(), padded, noise),
        () -> {
          busy[lane] = false;
          tally.answered(batch, time.elapsedNanos());
          scheduler.ran(lane);
        });
  }
}
