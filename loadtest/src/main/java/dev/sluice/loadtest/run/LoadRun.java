// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.ghz.Load;
import dev.sluice.loadtest.result.DetailSpool;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.RunResult;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One run from its first call to its result. For any thread; started once.
 *
 * <p>It ends when all calls that were asked for have ended, when its time is over, or when it is
 * stopped; the first of these is its reason. Whatever ends it, the result has what was measured.
 */
public final class LoadRun {
  /** Between the start and the first call, so that all loops are ready. */
  private static final long AHEAD_NANOS = 2_000_000;

  private final LoadPlan plan;
  private final Fleet fleet;
  private final CallSource.Factory calls;
  private final Reporting reporting;
  private final CompletableFuture<RunResult> result = new CompletableFuture<>();
  private final AtomicReference<@Nullable EndReason> ended = new AtomicReference<>();
  private volatile List<Station> stations = List.of();

  /**
   * Where results go.
   *
   * @param about what the result says of the run
   * @param executor one thread: hears of every interval, and puts the result together
   * @param details null: no call is kept by itself
   */
  public record Reporting(
      RunLabels about,
      InstantSource clock,
      Executor executor,
      @Nullable DetailSpool details,
      RunListener listener) {}

  public LoadRun(LoadPlan plan, Fleet fleet, CallSource.Factory calls, Reporting reporting) {
    this.plan = plan;
    this.fleet = fleet;
    this.calls = calls;
    this.reporting = reporting;
  }

  /**
   * Begins; a run that was stopped already ends at once.
   *
   * @return the result; a {@link dev.sluice.loadtest.call.CallException} if a call could not be
   *     made
   */
  public CompletableFuture<RunResult> start() {
    long now = fleet.loops().getFirst().nanoTime();
    long epochNanos = epochNanos() - now;
    long start = now + AHEAD_NANOS;
    long measure = start + plan.warmup().toNanos();
    long end = plan.duration().isZero() ? Staircase.NEVER : measure + plan.duration().toNanos();
    Station.Times times = new Station.Times(start, measure, end);
    DetailBook details = new DetailBook(reporting.details());
    Turnstile turnstile =
        new Turnstile(plan.total(), plan.skipFirst(), () -> end(EndReason.NORMAL));
    Desk.Common common =
        new Desk.Common(turnstile, details, plan.timeout().toNanos(), measure, epochNanos);
    RunBook book = new RunBook(plan, reporting, details, this::reason, this);
    int loops = fleet.loops().size();
    Ledger ledger = new Ledger(loops, plan.periodNanos(), reporting.executor(), book, this::fail);
    List<Station> made = new ArrayList<>();
    for (int i = 0; i < loops; i++) {
      GuardedLoop loop = new GuardedLoop(fleet.loops().get(i), this::fail);
      made.add(new Station(i, loop, times, ledger, new Crew(i, common, times)));
    }
    stations = made;
    reporting
        .executor()
        .execute(() -> reporting.listener().began((epochNanos + measure) / 1_000_000));
    made.forEach(station -> station.open(() -> end(EndReason.TIMEOUT)));
    EndReason early = ended.get();
    if (early != null) {
      letGo(early);
    }
    return result;
  }

  /** Ends the run early; what is under way ends as the plan's duration would end it. */
  public void stop(EndReason why) {
    end(why);
  }

  void finished(RunResult measured) {
    result.complete(measured);
  }

  private EndReason reason() {
    EndReason why = ended.get();
    return why == null ? EndReason.NORMAL : why;
  }

  /** The first time decides: later reasons change nothing, but that a stop is a stop. */
  private void end(EndReason why) {
    boolean first = ended.compareAndSet(null, why);
    if (!first && (why == EndReason.NORMAL || ended.get() != EndReason.NORMAL)) {
      return;
    }
    letGo(why);
  }

  private void letGo(EndReason why) {
    Station.Rest rest =
        why == EndReason.NORMAL || plan.stop() == Load.Stop.WAIT
            ? Station.Rest.AWAITED
            : plan.stop() == Load.Stop.CLOSE
                ? Station.Rest.COUNTED_AS_CUT_OFF
                : Station.Rest.NOT_COUNTED;
    stations.forEach(station -> station.stop(rest));
  }

  /** A call cannot be made, or something is wrong with this program. */
  private void fail(Throwable why) {
    if (result.completeExceptionally(why)) {
      stations.forEach(station -> station.stop(Station.Rest.NOT_COUNTED));
    }
  }

  private long epochNanos() {
    var now = reporting.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private final class Crew implements Station.Crew {
    private final int loop;
    private final Desk.Common common;
    private final Station.Times times;

    Crew(int loop, Desk.Common common, Station.Times times) {
      this.loop = loop;
      this.common = common;
      this.times = times;
    }

    @Override
    public Desk desk(GuardedLoop on, Desk.Freed freed) {
      return new Desk(on, fleet.carrier(loop), calls.open(loop), common, freed);
    }

    @Override
    public Pacer pacer(GuardedLoop on, Desk desk, Runnable whenOver) {
      int loops = fleet.loops().size();
      Seats seats = new Seats(new Seats.Share(loop, loops, fleet.connections()), plan.name());
      if (plan.arrivals().isEmpty()) {
        return new ClosedPacer(on, desk, seats, plan.workers(), times.measure(), whenOver);
      }
      Arrivals arrivals = plan.arrivals().get().get().every(loops, loop);
      return new OpenPacer(
          on,
          desk,
          seats,
          arrivals,
          new OpenPacer.Rules(
              plan.workers(), plan.drops(), times.start(), times.measure(), whenOver));
    }
  }
}
