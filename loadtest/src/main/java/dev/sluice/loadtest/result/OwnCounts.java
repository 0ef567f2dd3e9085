// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.result;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What ghz has no counts of.
 *
 * @param dropped calls that were due and not sent, as too many were under way
 * @param cutOffTimes for how long calls had been due that this program ended because the run was
 *     over, in nanoseconds; ghz's counts have them as errors, and to verdicts they are none
 * @param resent calls that were sent a second time, as their connection was closed before a byte of
 *     the answer came
 * @param wrong answers that were not the golden ones, by what was wrong with them; each is an error
 *     of ghz's counts too
 */
public record OwnCounts(long dropped, Histogram cutOffTimes, long resent, Map<String, Long> wrong) {
  public static final OwnCounts NONE = new OwnCounts(0, new Histogram(1), 0, Map.of());

  public OwnCounts {
    wrong = Collections.unmodifiableMap(new TreeMap<>(wrong));
  }

  public long cutOff() {
    return cutOffTimes.getTotalCount();
  }

  public long wrongAnswers() {
    return wrong.values().stream().mapToLong(Long::longValue).sum();
  }
}
