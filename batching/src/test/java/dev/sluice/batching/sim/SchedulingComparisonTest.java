// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.batching.NanoClock;
import dev.sluice.batching.sim.SchedulingComparison.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SchedulingComparisonTest {
  /** Too short to settle, and long enough to differ. */
  private static final double SMALL = 0.02;

  /** A second or so of virtual time on the GPU. */
  private static final double TELLING = 0.3;

  @Test
  void the_same_seed_gives_the_same_report_and_another_seed_another() {
    SchedulingReport one = SchedulingComparison.run(options(1, List.of()), line -> {});
    SchedulingReport same = SchedulingComparison.run(options(1, List.of()), line -> {});
    SchedulingReport other = SchedulingComparison.run(options(2, List.of()), line -> {});
    assertThat(same.table()).isEqualTo(one.table());
    assertThat(same.resultLine()).isEqualTo(one.resultLine());
    assertThat(other.table()).isNotEqualTo(one.table());
  }

  @Test
  void reports_every_case_and_meets_its_targets() {
    List<String> progress = new ArrayList<>();
    List<String> trace = List.of("0 10", "0.001 500 0.02", "0.5 10");
    SchedulingReport report =
        SchedulingComparison.run(new Options(7, TELLING, trace, () -> 0), progress::add);
    assertThat(report.table())
        .contains("trace lengths", "GPU encoder, mixed lengths", "CPU MiniLM, long-tailed lengths")
        .contains("1000 %", "sort window", "flush on mismatch, clients pad");
    assertThat(report.resultLine())
        .matches(
            "RESULT goodput_vs_best_peer_mixed_80=[0-9.]+ goodput_vs_best_peer_mixed_120=[0-9.]+"
                + " goodput_share_2x=[0-9.]+ goodput_share_5x=[0-9.]+ goodput_share_10x=[0-9.]+"
                + " p99_overload_ratio=[0-9.]+ ns_per_item=[0-9]+");
    assertThat(report.verdicts()).doesNotContain("MISSED");
    assertThat(report.meetsTargets()).isTrue();
    assertThat(progress).hasSizeGreaterThan(30);
  }

  @Test
  void a_scheduler_that_costs_too_much_misses_its_target() {
    AtomicLong now = new AtomicLong();
    NanoClock slow = () -> now.getAndAdd(10_000_000_000L);
    SchedulingReport report =
        SchedulingComparison.run(new Options(1, SMALL, List.of(), slow), line -> {});
    assertThat(report.meetsTargets()).isFalse();
    assertThat(report.verdicts()).containsPattern("MISSED ns of the scheduler");
  }

  @Test
  void says_what_is_wrong_with_a_trace() {
    assertMalformed("line 2 of the trace: the time goes back", "1 5", "0.5 5");
    assertMalformed("line 1 of the trace: expected", "1");
    assertMalformed("line 1 of the trace: not a number", "1 five");
    assertMalformed("line 1 of the trace: time must be", "-1 5");
    assertMalformed("line 1 of the trace: time must be", "NaN 5");
    assertMalformed("line 2 of the trace: time must be", "# all", "0 0");
    assertMalformed("line 1 of the trace: time must be from 0 to 1e6, length from 1", "0 32769");
    assertMalformed("the trace holds no request", "# all", "");
  }

  private static void assertMalformed(String why, String... lines) {
    assertThatThrownBy(() -> options(1, List.of(lines)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why);
  }

  @Test
  void refuses_a_scale_that_would_show_nothing_or_never_end() {
    assertThatThrownBy(() -> new Options(1, 0, List.of(), () -> 0))
        .hasMessage("the scale is 0.01 to 100, not 0.0");
  }

  /** With a clock that stands still, so that nothing measured is in the report. */
  private static Options options(long seed, List<String> trace) {
    return new Options(seed, SMALL, trace, () -> 0);
  }
}
