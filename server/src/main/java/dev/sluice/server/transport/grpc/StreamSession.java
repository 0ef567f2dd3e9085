// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.TicketHold;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream of requests, each with one answer. At most so many are read ahead of their answers: the
 * next one is asked for when an answer has been written, and answers are written only while the
 * client takes them. What a slow client can pile up here is therefore bounded. A half close is
 * answered once every request is.
 *
 * <p>A stream that is being closed still answers what it has accepted, and then ends with the
 * reason. A request that comes in between is not run: it is answered with the reason in its place,
 * or by the end of the stream where errors have no place of their own. No further ones are asked
 * for, so that a client that keeps sending cannot hold the end off.
 *
 * <p>Safe for use by many threads: one lock over all state. Requests are started, asked for and
 * cancelled outside of it, as that calls into the core, which has locks of its own.
 */
final class StreamSession<Q, R> implements StreamObserver<Q>, OpenStreams.Closeable {
  /** How one kind of request is started; a refusal may be thrown. */
  interface Handler<Q, R> {
    void start(Q request, Slot<R> slot);

    void failed(Q request, Problem problem, Slot<R> slot);
  }

  /** Where the answer to one request goes; exactly one call of the first two. */
  interface Slot<R> {
    void answer(R message);

    /** Ends the stream with that status. */
    void abort(Problem problem);

    TicketHold hold();

    /** What is wrong, to be said before the answer that says so. */
    void note(Problem problem);
  }

  private final ServerCallStreamObserver<R> out;
  private final Handler<Q, R> handler;
  private final boolean inOrder;
  private final Faults faults;
  private final OpenStreams streams;

  /** Answers to write, and in an ordered stream also those still to come, in their places. */
  private final Deque<Pending> queue = new ArrayDeque<>();

  private final Set<Pending> running = new HashSet<>();
  private int unanswered;
  private boolean halfClosed;
  private boolean over;

  /** Why the stream is being closed; null while it is not. */
  private @Nullable Problem closing;

  /** Whether a request is left that only the end of the stream answers. */
  private boolean turnedAway;

  /** What all streams of a server share. */
  record Shared(OpenStreams streams, int inFlight, Faults faults) {}

  private StreamSession(
      ServerCallStreamObserver<R> out, Handler<Q, R> handler, boolean inOrder, Shared shared) {
    this.out = out;
    this.handler = handler;
    this.inOrder = inOrder;
    this.faults = shared.faults();
    this.streams = shared.streams();
  }

  /** To be called while the call is being handed in, not later. */
  static <Q, R> StreamObserver<Q> open(
      StreamObserver<R> observer, Handler<Q, R> handler, boolean inOrder, Shared shared) {
    ServerCallStreamObserver<R> out = (ServerCallStreamObserver<R>) observer;
    StreamSession<Q, R> session = new StreamSession<>(out, handler, inOrder, shared);
    out.disableAutoRequest();
    out.setOnReadyHandler(session::write);
    out.setOnCancelHandler(session::cancelAll);
    out.request(shared.inFlight());
    shared.streams().add(session);
    return session;
  }

  @Override
  public void onNext(Q request) {
    Pending pending;
    Problem reason;
    synchronized (this) {
      if (over) {
        return;
      }
      reason = closing;
      pending = new Pending(reason != null);
      unanswered++;
      running.add(pending);
      if (inOrder) {
        queue.add(pending);
      }
    }
    if (reason != null) {
      fail(request, reason, pending);
      return;
    }
    try {
      CallTraces.under(pending.trace, () -> handler.start(request, pending));
    } catch (RuntimeException e) {
      fail(request, faults.problem(e), pending);
    }
  }

  private void fail(Q request, Problem problem, Pending pending) {
    pending.note(problem);
    handler.failed(request, problem, pending);
  }

  @Override
  public void onCompleted() {
    synchronized (this) {
      halfClosed = true;
    }
    write();
  }

  @Override
  public void onError(Throwable thrown) {
    cancelAll();
  }

  @Override
  public void close(Problem reason) {
    synchronized (this) {
      closing = reason;
    }
    write();
  }

  private void write() {
    int written = 0;
    boolean ended;
    synchronized (this) {
      if (over) {
        return;
      }
      while (out.isReady()) {
        Pending head = queue.peek();
        if (head == null || head.message == null) {
          break;
        }
        queue.remove();
        unanswered--;
        written++;
        out.onNext(head.message);
      }
      ended = endIfDone();
      if (closing != null) {
        written = 0;
      }
    }
    if (ended) {
      streams.remove(this);
    } else if (written > 0) {
      out.request(written);
    }
  }

  /** To be called under the lock. */
  private boolean endIfDone() {
    if (unanswered > 0 || (!halfClosed && closing == null)) {
      return false;
    }
    over = true;
    Problem reason = halfClosed && !turnedAway ? null : closing;
    if (reason == null) {
      out.onCompleted();
    } else {
      out.onError(GrpcProblems.exception(reason));
    }
    return true;
  }

  private void cancelAll() {
    end(null);
  }

  private void end(@Nullable Problem problem) {
    List<Pending> taken;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      taken = new ArrayList<>(running);
      running.clear();
      queue.clear();
      if (problem != null) {
        out.onError(GrpcProblems.exception(problem));
      }
    }
    streams.remove(this);
    taken.forEach(pending -> pending.hold.cancel());
  }

  private void leaveToTheEnd(Pending pending) {
    synchronized (this) {
      if (!running.remove(pending)) {
        return;
      }
      queue.remove(pending);
      unanswered--;
      turnedAway = true;
    }
    write();
  }

  /** One request of the stream; its message is guarded by the session's lock. */
  private final class Pending implements Slot<R> {
    private final TicketHold hold = new TicketHold();
    private final RequestTrace trace = CallTraces.next();
    private final boolean late;
    private @Nullable R message;

    /** Written and read by whoever answers. */
    private Status.Code code = Status.Code.OK;

    Pending(boolean late) {
      this.late = late;
    }

    @Override
    public void answer(R answer) {
      ended();
      synchronized (StreamSession.this) {
        if (!running.remove(this)) {
          return;
        }
        message = answer;
        if (!inOrder) {
          queue.add(this);
        }
      }
      write();
    }

    @Override
    public void abort(Problem problem) {
      ended();
      if (late) {
        // The stream is to end with this problem anyway, but not before what it has accepted.
        leaveToTheEnd(this);
      } else {
        end(problem);
      }
    }

    @Override
    public TicketHold hold() {
      return hold;
    }

    @Override
    public void note(Problem problem) {
      code = GrpcProblems.code(problem);
      trace.failed(problem);
    }

    private void ended() {
      trace.ended(new RequestEnd(code.value(), GrpcProblems.outcome(code), "", 0, 0));
    }
  }

  /** A reply of the core that becomes a message of the stream. */
  abstract static class SlotReply<A, R> implements Reply<A> {
    private final Slot<R> slot;
    private final Faults faults;

    SlotReply(Slot<R> slot, Faults faults) {
      this.slot = slot;
      this.faults = faults;
    }

    abstract R encode(A answer);

    /** Answers with the problem, in whichever way the stream does that. */
    abstract void refuse(Problem problem);

    @Override
    public void ok(A answer) {
      R message;
      try {
        message = encode(answer);
      } catch (RuntimeException e) {
        failed(faults.problem(e));
        return;
      }
      slot.answer(message);
    }

    @Override
    public final void failed(Problem problem) {
      slot.note(problem);
      refuse(problem);
    }
  }
}
