// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

import static dev.sluice.loadtest.run.PlanSample.plan;
import static dev.sluice.loadtest.run.VirtualWorld.MILLI;
import static dev.sluice.loadtest.run.VirtualWorld.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.result.EndReason;
import dev.sluice.loadtest.result.Interval;
import dev.sluice.loadtest.result.RunResult;
import dev.sluice.loadtest.result.SelfCheck;
import dev.sluice.loadtest.result.Verdict;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Runs in virtual time: what is sent when, what is counted, and how each end comes about. */
final class LoadRunTest {
  private static final String CLOSING =
      "rpc error: code = Canceled desc = grpc: the client connection is closing";

  private static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / (double) MILLI;
  }

  private static SelfCheck check(RunResult run) {
    return Objects.requireNonNull(run.selfCheck());
  }

  @Test
  void workersCallAgainWhenTheyAreAnswered() {
    VirtualWorld world = new VirtualWorld(sentAt -> 10 * MILLI);
    RunResult run = world.run(plan("-n", "10", "-c", "2"));
    assertThat(run.count()).isEqualTo(10);
    assertThat(run.totalNanos()).isEqualTo(50 * MILLI);
    assertThat(run.endReason()).isEqualTo(EndReason.NORMAL);
    assertThat(run.statuses()).isEqualTo(Map.of("OK", 10L));
    assertThat(run.latencies().serviceSumNanos()).isEqualTo(100 * MILLI);
    assertThat(run.latencies().responseSumNanos()).isEqualTo(100 * MILLI);
    assertThat(world.mostOpen).isEqualTo(2);
    assertThat(world.workers).containsOnly("g0c0", "g1c0");
    assertThat(world.numbers).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void severalLoopsShareCallsAndWorkers() {
    VirtualWorld world = new VirtualWorld(2, 3, sentAt -> MILLI);
    RunResult run = world.run(plan("-n", "101", "-c", "7", "--connections=3", "--name=x"));
    assertThat(run.count()).isEqualTo(101);
    assertThat(new HashSet<>(world.numbers)).hasSize(101);
    assertThat(world.mostOpen).isEqualTo(7);
    assertThat(new HashSet<>(world.workers))
        .containsExactlyInAnyOrder(
            "x:g0c0", "x:g1c1", "x:g2c2", "x:g3c0", "x:g4c1", "x:g5c2", "x:g6c0");
  }

  @Test
  void callsOfARateAreSentWhenTheyAreDue() {
    VirtualWorld world = new VirtualWorld(2, 2, sentAt -> 500 * MILLI);
    RunResult run = world.run(plan("-r", "100", "-n", "200", "-c", "60", "--connections=2"));
    for (int i = 1; i < 200; i++) {
      assertThat(world.sent.get(i) - world.sent.getFirst()).isEqualTo(i * 10L * MILLI);
    }
    assertThat(run.latencies().responseSumNanos()).isEqualTo(100_000 * MILLI);
    assertThat(check(run).valid()).isTrue();
  }

  @Test
  void aStallShowsInWhatCountsFromTheIntendedStart() {
    // 2,000 calls a second for 30 s; from 10 s to 11.4 s the server stands still.
    VirtualWorld.Server stalling =
        at -> at >= 10 * SECOND && at < 11_400 * MILLI ? 11_400 * MILLI - at + MILLI : MILLI;
    RunResult open = new VirtualWorld(stalling).run(plan("-r", "2000", "-z", "30s"));
    RunResult closed = new VirtualWorld(stalling).run(plan("-c", "2", "-z", "30s"));
    assertThat(millis(open.latencies().response(), 99)).isBetween(1_000.0, 1_400.0);
    assertThat(millis(open.latencies().service(), 99)).isLessThan(2);
    assertThat(millis(closed.latencies().response(), 99)).isLessThan(2);
    // The generator waited for the server, not the server for it.
    assertThat(check(open).valid()).isTrue();
  }

  @Test
  void callsBeyondTheBoundAreDroppedAndCounted() {
    VirtualWorld world = new VirtualWorld(sentAt -> SECOND);
    RunResult run = world.run(plan("-r", "10", "--max-inflight=5", "-n", "100"));
    assertThat(world.mostOpen).isEqualTo(5);
    assertThat(run.count() + run.own().dropped()).isEqualTo(100);
    assertThat(run.own().dropped()).isBetween(40L, 50L);
    assertThat(millis(run.latencies().response(), 100)).isLessThan(1_001);
  }

  @Test
  void asyncWaitsForNobody() {
    VirtualWorld world = new VirtualWorld(sentAt -> 10 * SECOND);
    RunResult run = world.run(plan("--async", "-r", "1000", "-n", "3000", "-c", "1"));
    assertThat(world.mostOpen).isEqualTo(3_000);
    assertThat(run.count()).isEqualTo(3_000);
    VirtualWorld flood = new VirtualWorld(sentAt -> 10 * SECOND);
    assertThat(flood.run(plan("--async", "-n", "500")).totalNanos()).isEqualTo(10 * SECOND);
  }

  @Test
  void concurrencyFollowsItsSchedule() {
    VirtualWorld world = new VirtualWorld(sentAt -> 100 * MILLI);
    List<Long> open = new ArrayList<>();
    LoadPlan plan =
        plan(
            "--concurrency-schedule=step",
            "--concurrency-start=2",
            "--concurrency-end=6",
            "--concurrency-step=2",
            "--concurrency-step-duration=1s",
            "-z",
            "4s");
    for (int second = 0; second < 4; second++) {
      world.after(second * SECOND + 550 * MILLI, () -> open.add((long) world.open));
    }
    world.run(plan);
    assertThat(open).containsExactly(2L, 4L, 6L, 6L);
  }

  @Test
  void concurrencyFallsToo() {
    VirtualWorld world = new VirtualWorld(sentAt -> 100 * MILLI);
    List<Long> open = new ArrayList<>();
    for (int second = 0; second < 3; second++) {
      world.after(second * SECOND + 550 * MILLI, () -> open.add((long) world.open));
    }
    world.run(
        plan(
            "--concurrency-schedule=line",
            "--concurrency-start=5",
            "--concurrency-end=1",
            "--concurrency-step=-3",
            "-z3s"));
    assertThat(open).containsExactly(5L, 2L, 1L);
  }

  @Test
  void callsThatTakeTooLongAreGivenUp() {
    VirtualWorld world =
        new VirtualWorld(at -> at < 50 * MILLI ? VirtualWorld.Server.NEVER : 5 * MILLI);
    RunResult run = world.run(plan("-r", "100", "-n", "20", "-t", "30ms", "--count-errors"));
    assertThat(run.statuses()).isEqualTo(Map.of("DeadlineExceeded", 5L, "OK", 15L));
    assertThat(run.errors())
        .isEqualTo(
            Map.of("rpc error: code = DeadlineExceeded desc = context deadline exceeded", 5L));
    assertThat(millis(run.latencies().service(), 100)).isBetween(29.9, 30.1);
  }

  @Test
  void aServerThatEndsACallAtItsTimeoutCountsTheSame() {
    VirtualWorld world =
        new VirtualWorld(
            new VirtualWorld.Server() {
              @Override
              public long takes(long sentAt) {
                return 30 * MILLI;
              }

              @Override
              public Status status(int call) {
                return Status.CANCELLED.withDescription("RST_STREAM");
              }
            });
    assertThat(world.run(plan("-n", "4", "-t", "30ms")).statuses())
        .isEqualTo(Map.of("DeadlineExceeded", 4L));
    assertThat(world.run(plan("-n", "4", "-t", "1s")).statuses()).isEqualTo(Map.of("Canceled", 4L));
  }

  @Test
  void aDurationCutsOffWaitsOrForgets() {
    String[] rate = {"-r", "10", "-z", "1050ms", "-t", "0"};
    RunResult close = stopped(rate, "close");
    assertThat(close.statuses()).isEqualTo(Map.of("OK", 6L, "Canceled", 4L));
    assertThat(close.errors()).isEqualTo(Map.of(CLOSING, 4L));
    assertThat(close.endReason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(close.own().cutOff()).isEqualTo(4);
    assertThat(close.own().cutOffTimes().getMaxValue() / MILLI).isBetween(300L, 400L);
    assertThat(close.failed()).as("ghz's errors").isEqualTo(4);
    assertThat(close.faults()).isZero();
    assertThat(close.intervals()).extracting(Interval::errors).containsOnly(0L);
    RunResult wait = stopped(rate, "wait");
    assertThat(wait.own().cutOff()).isZero();
    assertThat(wait.statuses()).isEqualTo(Map.of("OK", 10L));
    assertThat(wait.totalNanos()).isEqualTo(1_300 * MILLI);
    RunResult ignore = stopped(rate, "ignore");
    assertThat(ignore.statuses()).isEqualTo(Map.of("OK", 6L));
    assertThat(ignore.count()).isEqualTo(6);
  }

  private static RunResult stopped(String[] rate, String how) {
    List<String> flags = new ArrayList<>(List.of(rate));
    flags.add("--duration-stop=" + how);
    return new VirtualWorld(at -> 400 * MILLI).run(plan(flags.toArray(String[]::new)));
  }

  @Test
  void theNumberOfCallsHoldsBesideALongestDuration() {
    VirtualWorld.Server fast = at -> MILLI;
    RunResult counted = new VirtualWorld(fast).run(plan("-n", "5", "-x", "1h"));
    assertThat(counted.count()).isEqualTo(5);
    assertThat(counted.endReason()).isEqualTo(EndReason.NORMAL);
    RunResult timed = new VirtualWorld(fast).run(plan("-n", "5000", "-c1", "-x", "1s"));
    assertThat(timed.endReason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(timed.count()).isBetween(999L, 1_001L);
  }

  @Test
  void aRunThatIsStoppedReportsWhatItMeasured() {
    VirtualWorld world = new VirtualWorld(at -> 20 * MILLI);
    LoadRun run = world.start(plan("-r", "100", "-n", "1000"), RunListener.NONE);
    world.after(SECOND, () -> run.stop(EndReason.CANCEL));
    RunResult result = world.result(run);
    assertThat(result.endReason()).isEqualTo(EndReason.CANCEL);
    assertThat(result.count()).isBetween(98L, 100L);
    assertThat(result.statuses().keySet()).containsExactlyInAnyOrder("OK", "Canceled");
  }

  @Test
  void aRunThatIsStoppedBeforeItsStartSendsNothing() {
    VirtualWorld world = new VirtualWorld(at -> 20 * MILLI);
    LoadRun run = world.start(plan("-r", "100", "-n", "1000"), RunListener.NONE);
    run.stop(EndReason.CANCEL);
    assertThat(world.result(run).count()).isZero();
  }

  @Test
  void aServerThatHangsAtTheEndIsCutOffByTheDuration() {
    VirtualWorld world = new VirtualWorld(at -> VirtualWorld.Server.NEVER);
    RunResult run = world.run(plan("-n", "3", "-c", "3", "-x", "2s", "-t", "0"));
    assertThat(run.statuses()).isEqualTo(Map.of("Canceled", 3L));
    assertThat(run.own().cutOff()).isEqualTo(3);
    RunResult late = world.run(plan("-n", "3", "-c", "3", "-x", "2s", "-t", "1s"));
    assertThat(late.faults()).as("the server's timeouts are its own").isEqualTo(3);
  }

  @Test
  void theFirstResultsCanBeLeftOut() {
    VirtualWorld world = new VirtualWorld(at -> at == 0 ? SECOND : MILLI);
    RunResult run = world.run(plan("-n", "10", "-c", "1", "--skipFirst=1"));
    assertThat(run.count()).isEqualTo(9);
    assertThat(millis(run.latencies().service(), 100)).isLessThan(2);
  }

  @Test
  void aWarmUpIsInNoFigure() {
    VirtualWorld world = new VirtualWorld(at -> at < 2_900 * MILLI ? 800 * MILLI : 10 * MILLI);
    RunResult run = world.run(plan("-r", "10", "-z", "5s", "--warmup=3s"));
    assertThat(world.sent).hasSizeBetween(79, 81);
    assertThat(run.count()).isBetween(49L, 51L);
    assertThat(millis(run.latencies().response(), 99)).isBetween(9.9, 10.1);
    assertThat(run.perSecond()).isBetween(9.9, 10.4);
    RunResult counted =
        new VirtualWorld(at -> 10 * MILLI).run(plan("-c", "1", "-n", "20", "--warmup=1s"));
    assertThat(counted.count()).isEqualTo(20);
  }

  @Test
  void failuresAreCountedByTheirErrors() {
    VirtualWorld world =
        new VirtualWorld(
            new VirtualWorld.Server() {
              @Override
              public long takes(long sentAt) {
                return 10 * MILLI;
              }

              @Override
              public Status status(int call) {
                return call % 2 == 0
                    ? Status.OK
                    : Status.INTERNAL.withDescription("number " + call);
              }
            });
    RunResult run = world.run(plan("-n", "5000"));
    assertThat(run.statuses()).isEqualTo(Map.of("OK", 2_500L, "Internal", 2_500L));
    assertThat(run.failed()).isEqualTo(2_500);
    // A server that words each failure differently does not grow the table without bound.
    assertThat(run.errors()).hasSizeLessThan(1_100);
    assertThat(run.latencies().service().getTotalCount()).isEqualTo(2_500);
  }

  @Test
  void aGeneratorThatCannotKeepUpSaysSo() {
    VirtualWorld world = new VirtualWorld(at -> MILLI);
    world.makingNanos = 20 * MILLI;
    RunResult run = world.run(plan("-r", "100", "-n", "100"));
    assertThat(check(run).valid()).isFalse();
    assertThat(check(run).reasons().toString()).contains("send lag p99");
  }

  @Test
  void aSlowServerIsNotTheGeneratorsFault() {
    RunResult run = new VirtualWorld(at -> SECOND).run(plan("-r", "100", "-n", "300", "-c", "5"));
    assertThat(check(run).valid()).isTrue();
    assertThat(millis(run.latencies().response(), 50)).isGreaterThan(10_000);
    assertThat(millis(run.latencies().service(), 100)).isLessThan(1_001);
  }

  @Test
  void aSteadyRunEndsAndCountsItsSteadyWindows() {
    VirtualWorld world =
        new VirtualWorld(at -> at < 10 * SECOND ? 10 * MILLI + at / 100 : 20 * MILLI);
    RunResult run = world.run(plan("-r", "50", "--stability=5%/3x2s"));
    assertThat(run.endReason()).isEqualTo(EndReason.NORMAL);
    assertThat(run.count()).isEqualTo(300);
    assertThat(run.totalNanos()).isEqualTo(6 * SECOND);
    assertThat(millis(run.latencies().service(), 0)).isGreaterThan(19);
    assertThat(run.verdicts()).extracting(Verdict::state).containsExactly(Verdict.State.PASS);
  }

  @Test
  void aRunThatIsNeverSteadyIsGivenUpAndSaysSo() {
    VirtualWorld world = new VirtualWorld(at -> 10 * MILLI + at / 20);
    RunResult run = world.run(plan("-r", "50", "--stability=5%/3x2s", "-c", "500"));
    assertThat(run.endReason()).isEqualTo(EndReason.TIMEOUT);
    assertThat(run.verdicts())
        .extracting(Verdict::state)
        .containsExactly(Verdict.State.INCONCLUSIVE);
  }

  @Test
  void whoListensHearsOfEverySecondInOrder() {
    List<Interval> heard = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    VirtualWorld world = new VirtualWorld(3, 3, at -> 5 * MILLI);
    RunResult run =
        world.run(
            plan("-r", "30", "-z", "4500ms", "--connections=3"),
            new RunListener() {
              @Override
              public void passed(Progress progress) {
                heard.add(progress.interval());
                counts.add(progress.soFar().get().count());
              }
            });
    assertThat(heard)
        .extracting(Interval::startNanos)
        .containsExactly(0L, SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND);
    assertThat(counts).isSorted().endsWith(run.count());
    assertThat(run.intervals()).hasSize(5);
    assertThat(inIntervals(run)).isEqualTo(run.ended());
  }

  @Test
  void whoListensCanEndTheRun() {
    VirtualWorld world = new VirtualWorld(at -> 5 * MILLI);
    RunResult run =
        world.run(
            plan("-r", "30", "-z", "1h"),
            new RunListener() {
              @Override
              public void passed(Progress progress) {
                if (progress.count() >= 60) {
                  progress.stop().accept(EndReason.CANCEL);
                }
              }
            });
    assertThat(run.endReason()).isEqualTo(EndReason.CANCEL);
    assertThat(run.count()).isBetween(60L, 91L);
  }

  @Test
  void whoListensAndFailsEndsTheRun() {
    VirtualWorld world = new VirtualWorld(at -> 5 * MILLI);
    RunListener broken =
        new RunListener() {
          @Override
          public void passed(Progress progress) {
            throw new RunException("disk full");
          }
        };
    assertThatThrownBy(() -> world.run(plan("-r", "30", "-z", "1h"), broken))
        .hasRootCauseMessage("disk full");
  }

  @Test
  void threeHoursTakeNoMoreRoomThanOne() {
    VirtualWorld world = new VirtualWorld(at -> 5 * MILLI);
    RunResult run = world.run(plan("-r", "1", "-z", "3h"));
    assertThat(run.count()).isBetween(10_799L, 10_800L);
    assertThat(run.intervals()).hasSizeBetween(100, 240);
    Interval last = run.intervals().getLast();
    assertThat(last.startNanos() + last.lengthNanos()).isBetween(10_799 * SECOND, 10_801 * SECOND);
    assertThat(inIntervals(run)).isEqualTo(run.ended());
  }

  private static long inIntervals(RunResult run) {
    return run.intervals().stream()
        .mapToLong(each -> each.response().getTotalCount() + each.errors())
        .sum();
  }

  @Test
  void aCallThatCannotBeMadeEndsTheRun() {
    VirtualWorld world = new VirtualWorld(at -> 5 * MILLI);
    LoadRun run =
        new LoadRun(
            plan("-n", "100"),
            world,
            loop ->
                (worker, number) -> {
                  throw new RunException("no such thing");
                },
            new LoadRun.Reporting(
                RunLabels.NONE, () -> Instant.EPOCH, Runnable::run, null, RunListener.NONE));
    assertThatThrownBy(() -> world.result(run)).hasRootCauseMessage("no such thing");
  }
}
