// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import dev.sluice.loadtest.result.Details;
import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.IntervalHistory;
import dev.sluice.loadtest.result.Latencies;
import dev.sluice.loadtest.result.OwnCounts;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.ServerStatistics;
import dev.sluice.loadtest.result.Verdict;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** All that a run has counted, from which its result is made. Used on the reporting thread. */
final class RunBook implements Ledger.Book {
  private static final double LAG_PERCENTILE = 99;

  private final LoadPlan plan;
  private final LoadRun.Reporting reporting;
  private final DetailBook details;
  private final Supplier<EndReason> reason;
  private final LoadRun run;
  private final Tally all = new Tally();
  private final IntervalHistory history = new IntervalHistory();
  private final @Nullable SteadyWatch watch;
  private boolean steady;

  RunBook(
      LoadPlan plan,
      LoadRun.Reporting reporting,
      DetailBook details,
      Supplier<EndReason> reason,
      LoadRun run) {
    this.plan = plan;
    this.reporting = reporting;
    this.details = details;
    this.reason = reason;
    this.run = run;
    this.watch = plan.stability().map(SteadyWatch::new).orElse(null);
  }

  @Override
  public void add(Interval interval, Tally tally) {
    all.add(tally);
    history.add(interval);
    if (watch != null && !steady && watch.steadyAfter(tally)) {
      steady = true;
      run.stop(EndReason.NORMAL);
    }
    reporting
        .listener()
        .passed(
            new RunListener.Progress(
                interval,
                all.count(),
                all.faults(),
                all.dropped,
                () -> result(all, nanos(all), Details.of(List.of()), null),
                run::stop));
  }

  @Override
  public void close(double cpuShare) {
    long rated = plan.paced() ? all.lag.getTotalCount() : 0;
    SelfCheck check =
        new SelfCheck(
            rated == 0 ? 0 : all.lag.getValueAtPercentile(LAG_PERCENTILE),
            all.good.response.getValueAtPercentile(LAG_PERCENTILE),
            rated == 0 ? 0 : all.late / (double) rated,
            cpuShare);
    if (watch != null && steady) {
      Details none = Details.of(List.of());
      run.finished(result(watch.merged(), watch.mergedNanos(), none, check));
    } else {
      run.finished(result(all, nanos(all), details.details(), check));
    }
  }

  private static long nanos(Tally tally) {
    return Math.max(0, tally.lastEnd - Math.min(tally.firstSend, tally.lastEnd));
  }

  private RunResult result(Tally tally, long nanos, Details kept, @Nullable SelfCheck check) {
    return new RunResult(
        reporting.clock().instant().atZone(ZoneId.systemDefault()).toOffsetDateTime(),
        reason.get(),
        reporting.about().options(),
        tally.count(),
        nanos,
        plan.latencyFrom(),
        latencies(tally),
        Map.copyOf(tally.errors),
        Map.copyOf(tally.statuses),
        history.intervals(),
        kept,
        new OwnCounts(tally.dropped, tally.cutOff.copy(), tally.resent, tally.wrong),
        check,
        ServerStatistics.NONE,
        verdicts(),
        reporting.about().tags());
  }

  private Latencies latencies(Tally tally) {
    Histogram response = tally.good.response.copy();
    Histogram service = tally.good.service.copy();
    long responseSum = tally.good.responseSum;
    long serviceSum = tally.good.serviceSum;
    if (plan.countErrors()) {
      response.add(tally.bad.response);
      service.add(tally.bad.service);
      responseSum += tally.bad.responseSum;
      serviceSum += tally.bad.serviceSum;
    }
    return new Latencies(response, service, responseSum, serviceSum);
  }

  private List<Verdict> verdicts() {
    if (plan.stability().isEmpty()) {
      return List.of();
    }
    var wanted = plan.stability().get();
    String demand =
        "steady for "
            + wanted.windows()
            + " windows of "
            + wanted.window().toMillis()
            + " ms within "
            + Math.round(wanted.tolerance() * 100)
            + " %";
    return List.of(
        steady
            ? new Verdict(demand, Verdict.State.PASS, "steady", 0, "")
            : new Verdict(
                demand, Verdict.State.INCONCLUSIVE, "not steady", 0, "the run ended before"));
  }
}
