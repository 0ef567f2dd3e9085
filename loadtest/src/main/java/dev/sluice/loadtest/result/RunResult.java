// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a run measured. Its histograms and details are not copied: whoever fills them is done.
 *
 * @param date when it ended
 * @param count calls that ended, without those skipped
 * @param totalNanos from the first send to the last answer
 * @param errors how often each error was answered, as {@link StatusNames#error} words it
 * @param statuses how often each status was answered
 */
public record RunResult(
    OffsetDateTime date,
    EndReason endReason,
    ReportedOptions options,
    long count,
    long totalNanos,
    LatencyFrom latencyFrom,
    Latencies latencies,
    Map<String, Long> errors,
    Map<String, Long> statuses,
    List<Interval> intervals,
    Details details,
    OwnCounts own,
    @Nullable SelfCheck selfCheck,
    ServerStatistics server,
    List<Verdict> verdicts,
    Map<String, String> tags) {
  public RunResult {
    errors = sorted(errors);
    statuses = sorted(statuses);
    intervals = List.copyOf(intervals);
    verdicts = List.copyOf(verdicts);
    tags = sorted(tags);
  }

  /** All that did not end well, as ghz counts them: those that were cut off at the end too. */
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Calls that came to an end of their own: what verdicts are about. */
  public long ended() {
    return count - own.cutOff();
  }

  /** Those of them that did not end well. */
  public long faults() {
    return failed() - own.cutOff();
  }

  /** Those of them, per second. */
  public double endedPerSecond() {
    return totalNanos == 0 ? 0 : ended() / (totalNanos / 1e9);
  }

  public double perSecond() {
    return totalNanos == 0 ? 0 : count / (totalNanos / 1e9);
  }

  public RunResult with(List<Verdict> judged) {
    return with(server, judged);
  }

  public RunResult with(ServerStatistics asked) {
    return with(asked, verdicts);
  }

  private RunResult with(ServerStatistics asked, List<Verdict> judged) {
    return new RunResult(
        date,
        endReason,
        options,
        count,
        totalNanos,
        latencyFrom,
        latencies,
        errors,
        statuses,
        intervals,
        details,
        own,
        selfCheck,
        asked,
        judged,
        tags);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
