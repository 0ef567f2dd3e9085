// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.batching.CallTiming;
import dev.sluice.server.requests.Stages.Part;
import dev.sluice.server.requests.Stages.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of one request as they become known. What was measured by different parties may
 * disagree by a little, and a call that travelled in several batches has only the longest of each
 * step; {@link #stages} makes one line of it. Guarded by the lock of its {@link RequestRecord}.
 */
final class StageMarks {
  private static final long NEVER = -1;

  private final long startNanos;
  private long arrived = NEVER;
  private long decode = NEVER;
  private long encode = NEVER;
  private @Nullable CallTiming timing;
  private long split;
  private long answered = NEVER;

  StageMarks(long startNanos) {
    this.startNanos = startNanos;
  }

  void arrived(long atNanos) {
    arrived = Math.max(0, atNanos - startNanos);
  }

  void decoded(long decodeNanos) {
    decode = decodeNanos;
  }

  void queued(long encodeNanos) {
    encode = encodeNanos;
  }

  void ran(CallTiming ran) {
    timing = ran;
  }

  void answered(long splitNanos, long totalNanos) {
    split = splitNanos;
    answered = arrived + totalNanos;
  }

  Stages stages(long endNanos) {
    long total = Math.max(0, endNanos - startNanos);
    Line line = new Line(total);
    if (arrived != NEVER) {
      line.add(Step.RECEIVE, arrived);
    }
    if (decode != NEVER) {
      line.add(Step.DECODE, arrived + decode);
    }
    if (encode != NEVER) {
      batched(line, arrived + decode + encode);
    }
    if (answered != NEVER) {
      line.skipTo(answered - split);
      line.add(Step.SPLIT, answered);
      line.add(Step.RESPOND, total);
    }
    return new Stages(startNanos, total, List.copyOf(line.parts));
  }

  private void batched(Line line, long encoded) {
    if (encode > 0) {
      line.add(Step.ENCODE, encoded);
    }
    CallTiming ran = timing;
    if (ran == null) {
      return;
    }
    long started = encoded + ran.queueNanos();
    line.add(Step.QUEUE, started);
    if (ran.batchRows() > 0) {
      long computed = started + ran.computeNanos();
      line.add(Step.COMPUTE, answered == NEVER ? computed : Math.min(computed, answered - split));
    }
  }

  /** Parts one behind the other, none beyond the end. */
  private static final class Line {
    private final List<Part> parts = new ArrayList<>();
    private final long end;
    private long at;

    Line(long end) {
      this.end = end;
    }

    void add(Step step, long until) {
      long from = at;
      skipTo(until);
      parts.add(new Part(step, from, at));
    }

    void skipTo(long moment) {
      at = Math.clamp(moment, at, end);
    }
  }
}
