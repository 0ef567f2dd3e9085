// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.TicketHold;
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
 * <p>Safe for use by many threads: one lock over all state. Requests are started, asked for and
 * cancelled outside of it, as that calls into the core, which has locks of its own.
 */
final class StreamSession<Q, R> implements StreamObserver<Q> {
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
  }

  private final ServerCallStreamObserver<R> out;
  private final Handler<Q, R> handler;
  private final boolean inOrder;
  private final Faults faults;

  /** Answers to write, and in an ordered stream also those still to come, in their places. */
  private final Deque<Pending> queue = new ArrayDeque<>();

  private final Set<Pending> running = new HashSet<>();
  private int unanswered;
  private boolean halfClosed;
  private boolean over;

  StreamSession(
      StreamObserver<R> out, Handler<Q, R> handler, boolean inOrder, int inFlight, Faults faults) {
    this.out = (ServerCallStreamObserver<R>) out;
    this.handler = handler;
    this.inOrder = inOrder;
    this.faults = faults;
    this.out.disableAutoRequest();
    this.out.setOnReadyHandler(this::write);
    this.out.setOnCancelHandler(this::cancelAll);
    this.out.request(inFlight);
  }

  @Override
  public void onNext(Q request) {
    Pending pending = new Pending();
    synchronized (this) {
      if (over) {
        return;
      }
      unanswered++;
      running.add(pending);
      if (inOrder) {
        queue.add(pending);
      }
    }
    try {
      handler.start(request, pending);
    } catch (RuntimeException e) {
      handler.failed(request, faults.problem(e), pending);
    }
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

  private void write() {
    int written = 0;
    synchronized (this) {
      while (!over && out.isReady()) {
        Pending head = queue.peek();
        if (head == null || head.message == null) {
          break;
        }
        queue.remove();
        unanswered--;
        written++;
        out.onNext(head.message);
      }
      if (!over && halfClosed && unanswered == 0) {
        over = true;
        out.onCompleted();
      }
      if (over) {
        return;
      }
    }
    if (written > 0) {
      out.request(written);
    }
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
    taken.forEach(pending -> pending.hold.cancel());
  }

  /** One request of the stream; its message is guarded by the session's lock. */
  private final class Pending implements Slot<R> {
    private final TicketHold hold = new TicketHold();
    private @Nullable R message;

    @Override
    public void answer(R answer) {
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
      end(problem);
    }

    @Override
    public TicketHold hold() {
      return hold;
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
  }
}
