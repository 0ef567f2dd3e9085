// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import static dev.sluice.batching.sim.Account.require;

import dev.sluice.batching.BatchObserver;
import dev.sluice.batching.Batcher;
import dev.sluice.batching.CallTiming;
import dev.sluice.batching.DynamicBatcher;
import dev.sluice.batching.Failure;
import dev.sluice.batching.SteppedBatcher;
import dev.sluice.batching.SteppedBatcher.Check;
import dev.sluice.batching.SteppedBatcher.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A batcher among callers, lanes and faults drawn from a seed, in virtual time; after every event
 * an {@link Account} compares what happened with what was promised.
 */
final class ProofWorld {
  private static final long MILLI = 1_000_000;
  private static final int TOO_MANY_EVENTS = 100_000;

  private final RandomGenerator random;
  private final ProofSettings settings;
  private final VirtualTime time;
  private final Account account;
  private final SteppedBatcher<Probe, Probe> batcher;
  private final Callers callers;
  private final Arrivals arrivals;
  private final List<ProofLane> lanes = new ArrayList<>();
  private int ownEvents;
  private int observed;
  private boolean wasIdle;
  private boolean stopped;
  private boolean closed;

  ProofWorld(long seed) {
    random = new SplittableRandom(seed);
    settings = ProofSettings.draw(random);
    time = new VirtualTime(settings.clockOrigin());
    account = new Account(settings, time);
    for (int lane = 0; lane < settings.lanes(); lane++) {
      boolean slow = Draws.chance(random, settings.slowLane());
      lanes.add(new ProofLane(account, slow ? 8 : 1));
    }
    batcher = batcher();
    callers = new Callers(settings, random);
    arrivals = callers.arrivals();
  }

  private SteppedBatcher<Probe, Probe> batcher() {
    DynamicBatcher.Builder<Probe, Probe> builder =
        DynamicBatcher.<Probe, Probe>builder(
                Collections.nCopies(settings.lanes(), payloads -> payloads), time, time)
            .batchLimits(settings.batch())
            .queueLimits(settings.queue())
            .tenants(settings.tenants())
            .selection(settings.selection())
            .ageing(Duration.ofNanos(settings.ageingNanos()))
            .observer(
                new BatchObserver() {
                  @Override
                  public void callEnded(int rows, CallTiming timing, @Nullable Failure failure) {
                    observed++;
                  }
                });
    if (settings.targetWaitNanos() != ProofSettings.NO_TARGET) {
      builder.targetWait(Duration.ofNanos(settings.targetWaitNanos()));
    }
    if (settings.keepsOrder()) {
      builder.keepOrder();
    }
    if (settings.formsEarly()) {
      builder.formEarly();
    }
    return builder.buildStepped();
  }

  /** Throws an error when a promise is broken. */
  void play() {
    scheduleCall();
    if (settings.storm()) {
      later(random.nextLong(50 * MILLI), this::cancelAll);
    }
    int events = 0;
    while (time.step()) {
      checkWoken();
      pollLanes();
      compare();
      require(++events < TOO_MANY_EVENTS, "comes to an end", events);
    }
    checkEnd();
  }

  private void checkEnd() {
    for (TrackedCall call : account.calls()) {
      require(!call.isOpen(), "answered", call);
    }
    require(observed == account.calls().size(), "told to the observer once", observed);
    require(batcher.load().equals(new Batcher.Load(0, 0, 0, 0)), "no load", batcher.load());
    require(batcher.entries() == 0, "nothing is held", batcher.entries() + " entries");
    require(time.pending() == 0, "no alarm is set", time.pending());
  }

  /** Of all events only the batcher's own alarm is not counted. */
  private void later(long delayNanos, Runnable event) {
    ownEvents++;
    time.schedule(
        delayNanos,
        () -> {
          ownEvents--;
          event.run();
        });
  }

  // Callers.

  private void scheduleCall() {
    later(arrivals.nextGapNanos(random), this::call);
  }

  private void call() {
    submit();
    if (Draws.chance(random, settings.jumps())) {
      time.jump(random.nextLong(30 * MILLI));
    }
    if (account.calls().size() < settings.calls()) {
      scheduleCall();
    } else {
      stop();
    }
  }

  private void submit() {
    TrackedCall call = account.newCall();
    callers.draw(call, time.nanoTime());
    account.submitting(call);
    call.ticket = batcher.submit(call.call(), call);
    if (call.isOpen()) {
      account.admitted(call);
      account.checkBounds(call);
    }
    if (Draws.chance(random, settings.cancels())) {
      later(random.nextLong(20 * MILLI), () -> cancel(call));
    }
  }

  private void cancel(TrackedCall call) {
    call.cancelled = call.isOpen();
    call.ticket.cancel();
    account.stopsWaiting(call);
    require(settings.keepsOrder() || !call.isOpen(), "a cancelled call is answered at once", call);
  }

  private void cancelAll() {
    account.calls().forEach(this::cancel);
  }

  private void stop() {
    account.stopped();
    stopped = true;
    closed = settings.closes();
    if (closed) {
      batcher.close();
    } else {
      batcher.stopAccepting();
    }
    TrackedCall late = account.newCall();
    callers.draw(late, time.nanoTime());
    account.submitting(late);
    late.ticket = batcher.submit(late.call(), late);
    require(!late.isOpen(), "refused once stopped", late);
  }

  // Lanes.

  private void pollLanes() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int lane = 0; lane < lanes.size(); lane++) {
        changed |= !lanes.get(lane).busy && poll(lane);
      }
    }
  }

  /** Whether there was something to do. */
  private boolean poll(int number) {
    ProofLane lane = lanes.get(number);
    switch (batcher.next(number)) {
      case null -> {
        lane.endsBatch();
        return false;
      }
      case Run<Probe, Probe> run -> start(lane, run);
      case Check<Probe, Probe> check -> check(lane, check);
    }
    return true;
  }

  private void check(ProofLane lane, Check<Probe, Probe> check) {
    lane.endsBatch();
    lane.out = lane.isBroken(time.elapsedNanos());
    if (!lane.out) {
      check.passed();
    } else {
      if (lanes.stream().allMatch(any -> any.out)) {
        account.allLanesOut();
      }
      check.failed(new IllegalStateException("broken"));
    }
  }

  private void start(ProofLane lane, Run<Probe, Probe> run) {
    lane.starts(run);
    if (Draws.chance(random, settings.brokenLane() / 10)) {
      lane.brokenUntilNanos = time.elapsedNanos() + random.nextLong(3_000 * MILLI);
    }
    int rows = 0;
    long longest = 0;
    for (var item : run.items()) {
      rows += item.rows();
      longest = Math.max(longest, item.tokens());
    }
    double nanos = lane.slowness * settings.service().nanos(rows, rows * longest, random);
    boolean stuck = Draws.chance(random, settings.stuckLane());
    later((long) (stuck ? 300 * nanos : nanos), () -> end(lane, run));
  }

  private void end(ProofLane lane, Run<Probe, Probe> run) {
    boolean odd = Draws.chance(random, settings.oddResults());
    if (lane.isBroken(time.elapsedNanos())) {
      lane.fails(true);
      run.failed(new IllegalStateException("the lane is broken"));
    } else if (lane.hasBadItem()) {
      lane.fails(false);
      run.failed(new IllegalArgumentException("bad"));
    } else if (odd) {
      lane.fails(true);
      run.succeeded(List.of());
    } else {
      run.succeeded(lane.succeeds());
    }
  }

  // What must be true after every event.

  private void compare() {
    Batcher.Load load = batcher.load();
    account.compare(load);
    require(time.pending() - ownEvents <= (closed ? 0 : 1), "one alarm, none when closed", load);
    boolean bisecting = lanes.stream().anyMatch(ProofLane::isBisecting);
    account.compareRunning(load, bisecting);
    wasIdle = lanes.stream().anyMatch(lane -> !lane.busy && !lane.out);
    for (ProofLane lane : lanes) {
      if (!lane.busy && !lane.out && load.waitingRows() > 0) {
        require(mayLinger(), "no lane idles while work waits", load);
      }
    }
  }

  /** The batcher has set an alarm for the end of a linger: it is not found to be over by chance. */
  private void checkWoken() {
    if (wasIdle && batcher.load().waitingRows() > 0 && settings.jumps() == 0) {
      boolean woken =
          settings.keepsOrder()
              || account.oldestWaitedNanos() <= settings.batch().linger().toNanos();
      require(woken, "a lane is woken when a linger ends", time.elapsedNanos());
    }
  }

  private boolean mayLinger() {
    long linger = settings.batch().linger().toNanos();
    return !stopped
        && linger > 0
        && (settings.keepsOrder() || account.oldestWaitedNanos() < linger);
  }
}
