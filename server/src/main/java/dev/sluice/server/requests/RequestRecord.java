// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.requests;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.CallTiming;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.ModelRef;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.telemetry.ModelLabels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known so far of one request. Its lock is free almost always: the steps follow each other,
 * only a client that goes away may come between.
 */
final class RequestRecord implements RequestTrace {
  private final Requests requests;
  private final RequestHead head;

  @GuardedBy("this")
  private final StageMarks marks;

  @GuardedBy("this")
  private String requestId = "";

  @GuardedBy("this")
  private String route = "";

  @GuardedBy("this")
  private @Nullable ModelRef asked;

  @GuardedBy("this")
  private String tenant = "";

  @GuardedBy("this")
  private List<EmbedInput> inputs = List.of();

  @GuardedBy("this")
  private @Nullable ModelLabels model;

  @GuardedBy("this")
  private int rows;

  @GuardedBy("this")
  private long tokens;

  @GuardedBy("this")
  private int batchRows;

  @GuardedBy("this")
  private @Nullable Problem problem;

  @GuardedBy("this")
  private boolean ended;

  RequestRecord(Requests requests, RequestHead head, long startNanos) {
    this.requests = requests;
    this.head = head;
    this.marks = new StageMarks(startNanos);
  }

  @Override
  public synchronized void named(String id) {
    requestId = id;
  }

  @Override
  public synchronized void matched(String rule) {
    route = rule;
  }

  @Override
  public synchronized void asked(ModelRef ref, String payer, List<EmbedInput> given) {
    asked = ref;
    tenant = payer;
    if (requests.keepsTexts()) {
      inputs = given;
    }
  }

  @Override
  public synchronized void accepted(ModelLabels by, long arrivedNanos) {
    model = by;
    marks.arrived(arrivedNanos);
  }

  @Override
  public synchronized void decoded(long decodeNanos) {
    marks.decoded(decodeNanos);
  }

  @Override
  public synchronized void queued(int itsRows, long itsTokens, long encodeNanos) {
    rows = itsRows;
    tokens = itsTokens;
    marks.queued(encodeNanos);
  }

  @Override
  public synchronized void ran(CallTiming timing) {
    batchRows = timing.batchRows();
    marks.ran(timing);
  }

  @Override
  public synchronized void answered(long splitNanos, long totalNanos) {
    marks.answered(splitNanos, totalNanos);
  }

  @Override
  public synchronized void failed(Problem why) {
    problem = why;
  }

  @Override
  public void ended(RequestEnd end) {
    Problem why;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      why = problem;
    }
    requests.ended(this, FinishedRequest.outcome(why, end), end);
  }

  synchronized FinishedRequest finished(RequestEnd end, long endNanos) {
    return new FinishedRequest(
        head,
        requestId,
        route,
        asked,
        tenant,
        model,
        rows,
        tokens,
        batchRows,
        LoggedTexts.of(inputs),
        marks.stages(endNanos),
        problem,
        end);
  }
}
