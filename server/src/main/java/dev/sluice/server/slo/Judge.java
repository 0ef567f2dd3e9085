// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.slo;

import java.util.OptionalDouble;

/** From the requests of a window to a verdict. */
final class Judge {
  private static final double PERCENT = 100;

  private Judge() {}

  /**
   * Requests that are missing from the minimum are taken for good ones: what is bad even so is a
   * breach however few there are, and what is not bad is no pass before there are enough.
   *
   * @param recent those of the last twelfth of the window
   */
  static SloReport.Status status(Objective objective, Events window, Events recent) {
    Count whole = count(objective, window);
    Count part = count(objective, recent);
    Target target = objective.target();
    long minimum = objective.minRequests();
    Verdict verdict =
        target.exceeded(whole.bad(), Math.max(whole.total(), minimum))
            ? Verdict.BREACH
            : whole.total() < minimum ? Verdict.NO_DATA : Verdict.PASS;
    return new SloReport.Status(
        objective,
        verdict,
        verdict == Verdict.NO_DATA ? tooFew(whole.total(), minimum) : "",
        measured(objective, window, whole),
        whole.total(),
        whole.good(),
        target.burnRate(whole.bad(), whole.total()),
        target.burnRate(part.bad(), part.total()));
  }

  private static Count count(Objective objective, Events events) {
    return switch (objective) {
      case Objective.Latency latency ->
          new Count(events.durations().count(), events.durations().upTo(latency.under().toNanos()));
      case Objective.Availability ignored ->
          new Count(events.answered() + events.failed(), events.answered());
    };
  }

  private static OptionalDouble measured(Objective objective, Events window, Count count) {
    if (count.total() == 0) {
      return OptionalDouble.empty();
    }
    return switch (objective) {
      case Objective.Latency latency ->
          OptionalDouble.of(
              (double) window.durations().valueAtRank(latency.target().goodOf(count.total())));
      case Objective.Availability ignored ->
          OptionalDouble.of(PERCENT * count.good() / count.total());
    };
  }

  private static String tooFew(long total, long minimum) {
    return (total == 0 ? "no requests" : total == 1 ? "1 request" : total + " requests")
        + " in the window, it takes "
        + minimum;
  }

  private record Count(long total, long good) {
    long bad() {
      return total - good;
    }
  }
}
