// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.core.RequestTraces;
import dev.sluice.server.telemetry.Outcome;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a record of every request, and makes lines and spans of those that get one: on the worker,
 * so that neither a slow log nor a slow collector holds up a request. What the worker has no room
 * for is counted and let go. Safe for any number of threads.
 */
public final class Requests implements RequestTraces {
  private static final Logger log = LoggerFactory.getLogger(Requests.class);

  private final RequestLog requestLog;
  private final @Nullable Spans spans;
  private final NanoClock clock;
  private final Executor worker;
  private final LongAdder lost = new LongAdder();

  /**
   * @param spans null if nobody asks for them
   * @param worker one thread; may reject
   */
  public Requests(RequestLog requestLog, @Nullable Spans spans, NanoClock clock, Executor worker) {
    this.requestLog = requestLog;
    this.spans = spans;
    this.clock = clock;
    this.worker = worker;
  }

  @Override
  public RequestTrace begin(RequestHead head, long atNanos) {
    return new RequestRecord(this, head, atNanos);
  }

  boolean keepsTexts() {
    return requestLog.keepsTexts();
  }

  void ended(RequestRecord record, @Nullable Outcome outcome, RequestEnd end) {
    boolean line = requestLog.wants(outcome);
    if (!line && spans == null) {
      return;
    }
    FinishedRequest request = record.finished(end, clock.nanoTime());
    try {
      worker.execute(() -> tell(request, line));
    } catch (RejectedExecutionException full) {
      lost.increment();
    }
  }

  private void tell(FinishedRequest request, boolean line) {
    try {
      String traceId = spans == null ? "" : spans.add(request);
      if (line) {
        requestLog.write(request, traceId);
      }
    } catch (RuntimeException defect) {
      log.error("a request could not be traced or logged", defect);
    }
  }

  /** To be called about once a second, and at the end: tells of what got no line. */
  public void tick() {
    requestLog.writeSuppressed(lost.sumThenReset());
  }
}
