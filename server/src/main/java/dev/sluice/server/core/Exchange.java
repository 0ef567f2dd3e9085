// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.sluice.batching.NanoClock;
import dev.sluice.batching.Ticket;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a deployment: answers once, gives the lease back once, and passes
 * a cancellation on to wherever the request is by then. Safe for any number of threads.
 */
final class Exchange<A> implements Ticket {
  private final Deployment deployment;
  private final Reply<A> reply;
  private final NanoClock clock;
  private final RequestTrace trace;
  private final long arrivedNanos;

  /** Written before the request is handed on to another thread. */
  private long decodeNanos;

  @GuardedBy("this")
  private boolean ended;

  @GuardedBy("this")
  private boolean cancelled;

  @GuardedBy("this")
  private @Nullable Ticket queued;

  /** Takes over the caller's lease on the deployment. */
  Exchange(Deployment deployment, Reply<A> reply, NanoClock clock, CallContext context) {
    this.deployment = deployment;
    this.reply = reply;
    this.clock = clock;
    this.trace = context.trace();
    this.arrivedNanos = context.arrivedNanos();
    deployment.statistics().accepted();
    trace.accepted(deployment.statistics().labels(), arrivedNanos);
  }

  RequestTrace trace() {
    return trace;
  }

  /** Since the request had arrived. */
  long elapsedNanos() {
    return clock.nanoTime() - arrivedNanos;
  }

  /** The request is read and found valid. Called by the thread that goes on to hand it on. */
  void validated() {
    decodeNanos = elapsedNanos();
    trace.decoded(decodeNanos);
  }

  long decodeNanos() {
    return decodeNanos;
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /** The request waits in a batcher now; a cancellation goes there from here on. */
  void queued(Ticket ticket) {
    boolean late;
    synchronized (this) {
      queued = ticket;
      late = cancelled;
    }
    if (late) {
      ticket.cancel();
    }
  }

  /**
   * While the request is not queued yet this only leaves word: whoever works on it answers, so that
   * the lease is never given back under their hands.
   */
  @Override
  public void cancel() {
    Ticket ticket;
    synchronized (this) {
      cancelled = true;
      ticket = queued;
    }
    if (ticket != null) {
      ticket.cancel();
    }
  }

  void ok(A answer, Timings timings, long splitNanos) {
    if (end()) {
      deployment.statistics().answered(timings, splitNanos);
      trace.answered(splitNanos, timings.totalNanos());
      deployment.lease().release();
      reply.ok(answer);
    }
  }

  void failed(Problem problem) {
    if (end()) {
      deployment.statistics().failed(problem, elapsedNanos());
      deployment.lease().release();
      reply.failed(problem);
    }
  }

  private synchronized boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    return true;
  }
}
