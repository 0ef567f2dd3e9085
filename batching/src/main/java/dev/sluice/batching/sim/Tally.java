// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching.sim;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Counts what came of a workload. The first tenth of it, while queues and models warm up, does not
 * count, nor does what comes after its end.
 */
final class Tally {
  private final long fromNanos;
  private final long untilNanos;
  private final BitSet launched = new BitSet();
  private final long[] latencies;
  private int answers;
  private int inTime;
  private long batches;
  private long rows;
  private long tokens;
  private long paddedTokens;

  Tally(Workload workload) {
    List<Request> requests = workload.requests();
    fromNanos = requests.get(requests.size() / 10).arrivalNanos();
    untilNanos = Math.max(fromNanos + 1, requests.getLast().arrivalNanos());
    latencies = new long[requests.size()];
  }

  void launched(List<Request> batch, long batchTokens, long batchPaddedTokens) {
    for (Request request : batch) {
      if (launched.get(request.number())) {
        throw new IllegalStateException("request " + request.number() + " was launched twice");
      }
      launched.set(request.number());
    }
    batches++;
    rows += batch.size();
    tokens += batchTokens;
    paddedTokens += batchPaddedTokens;
  }

  void answered(List<Request> batch, long nowNanos) {
    if (nowNanos < fromNanos || nowNanos > untilNanos) {
      return;
    }
    for (Request request : batch) {
      long latency = nowNanos - request.arrivalNanos();
      latencies[answers++] = latency;
      inTime += latency <= request.sloNanos() ? 1 : 0;
    }
  }

  Outcome outcome() {
    double seconds = (untilNanos - fromNanos) / 1e9;
    Arrays.sort(latencies, 0, answers);
    return new Outcome(
        inTime / seconds,
        answers / seconds,
        quantile(0.5),
        quantile(0.99),
        paddedTokens == 0 ? 0 : 1 - (double) tokens / paddedTokens,
        batches == 0 ? 0 : (double) rows / batches);
  }

  private double quantile(double part) {
    if (answers == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(part * answers);
    return latencies[Math.max(0, rank - 1)] / 1e6;
  }
}
