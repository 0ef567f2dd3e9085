// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What a {@link SchedulingComparison} found, and whether it is what the batcher is meant to do. */
public final class SchedulingReport {
  private final List<SchedulingRow> rows;
  private final double nanosPerItem;

  SchedulingReport(List<SchedulingRow> rows, double nanosPerItem) {
    this.rows = List.copyOf(rows);
    this.nanosPerItem = nanosPerItem;
  }

  /** Every case, a line each. */
  public String table() {
    StringBuilder table = new StringBuilder();
    SchedulingRow before = null;
    for (SchedulingRow row : rows) {
      if (before == null
          || !before.server().equals(row.server())
          || !before.mix().equals(row.mix())) {
        table.append(heading(row));
      }
      table.append(line(row));
      before = row;
    }
    return table.toString();
  }

  /** What the batcher is to reach, and what it does, a line each. */
  public String verdicts() {
    StringBuilder lines = new StringBuilder("\n");
    for (Target target : targets()) {
      lines.append(target.line()).append('\n');
    }
    return lines.toString();
  }

  public boolean meetsTargets() {
    return targets().stream().allMatch(Target::isMet);
  }

  /** The figures for whoever compares two runs. */
  public String resultLine() {
    return String.format(
        Locale.ROOT,
        "RESULT goodput_vs_best_peer_mixed_80=%.3f goodput_vs_best_peer_mixed_120=%.3f"
            + " goodput_share_2x=%.3f goodput_share_5x=%.3f goodput_share_10x=%.3f"
            + " p99_overload_ratio=%.3f ns_per_item=%.0f",
        goodputVersusBestPeer(80),
        goodputVersusBestPeer(120),
        shareOfPeak(200),
        shareOfPeak(500),
        shareOfPeak(1000),
        p99OverloadRatio(),
        nanosPerItem);
  }

  private List<Target> targets() {
    return List.of(
        Target.atLeast("goodput at 2x of capacity / peak", shareOfPeak(200), 0.95),
        Target.atLeast("goodput at 5x of capacity / peak", shareOfPeak(500), 0.90),
        Target.atLeast("goodput at 10x of capacity / peak", shareOfPeak(1000), 0.85),
        Target.atMost("p99 under overload / p99 at 80 % load", p99OverloadRatio(), 2),
        Target.atLeast("goodput, mixed, 80 %: / flush on mismatch", versus(80, Policy.TRITON), 1.5),
        Target.atLeast(
            "goodput, mixed, 80 %: / the same, clients pad", versus(80, Policy.TRITON_PADDED), 1.5),
        Target.atLeast(
            "goodput, mixed, 80 %: / size and timer", versus(80, Policy.SIZE_AND_TIMER), 1.5),
        Target.atMost("ns of the scheduler for each item", nanosPerItem, 1000));
  }

  private double versus(int load, Policy peer) {
    return headline(load, Policy.SLUICE).goodput() / headline(load, peer).goodput();
  }

  private double goodputVersusBestPeer(int load) {
    double least = Double.POSITIVE_INFINITY;
    for (Policy policy : Policy.values()) {
      least = policy == Policy.SLUICE ? least : Math.min(least, versus(load, policy));
    }
    return least;
  }

  private double shareOfPeak(int load) {
    return headline(load, Policy.SLUICE).goodput() / most(Outcome::goodput);
  }

  private double p99OverloadRatio() {
    double most = 0;
    for (int load : new int[] {200, 500, 1000}) {
      most = Math.max(most, headline(load, Policy.SLUICE).p99Millis());
    }
    return most / headline(80, Policy.SLUICE).p99Millis();
  }

  private double most(ToDoubleFunction<Outcome> figure) {
    return rows.stream()
        .filter(row -> isHeadline(row) && row.policy() == Policy.SLUICE)
        .mapToDouble(row -> figure.applyAsDouble(row.outcome()))
        .max()
        .orElseThrow();
  }

  private Outcome headline(int load, Policy policy) {
    return rows.stream()
        .filter(row -> isHeadline(row) && row.load() == load && row.policy() == policy)
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private static boolean isHeadline(SchedulingRow row) {
    return row.server().equals(ServerKind.GPU.name()) && row.mix().equals(Mix.MIXED.title());
  }

  private static String heading(SchedulingRow row) {
    return String.format(
        Locale.ROOT,
        "%n%s, %s lengths%n%6s  %-38s %10s %9s %9s %9s %8s%n",
        row.server(),
        row.mix(),
        "load",
        "policy",
        "in SLO/s",
        "p50 ms",
        "p99 ms",
        "padding",
        "rows");
  }

  private static String line(SchedulingRow row) {
    Outcome outcome = row.outcome();
    return String.format(
        Locale.ROOT,
        "%6s  %-38s %10.1f %9.2f %9.2f %8.1f%% %8.1f%n",
        row.load() == 0 ? "" : row.load() + " %",
        row.policy().title(),
        outcome.goodput(),
        outcome.p50Millis(),
        outcome.p99Millis(),
        100 * outcome.paddingWaste(),
        outcome.meanRows());
  }

  private record Target(String what, double reached, double bound, boolean isMet) {
    static Target atLeast(String what, double reached, double bound) {
      return new Target(what, reached, bound, reached >= bound);
    }

    static Target atMost(String what, double reached, double bound) {
      return new Target(what, reached, bound, reached <= bound);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-6s %-46s %8.2f (target %.2f)",
          isMet ? "met" : "MISSED",
          what,
          reached,
          bound);
    }
  }
}
