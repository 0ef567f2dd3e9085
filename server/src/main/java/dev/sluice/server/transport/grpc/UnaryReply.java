// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.Ticket;
import dev.sluice.server.core.Problem;
import dev.sluice.server.core.Reply;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.transport.shared.Faults;
import dev.sluice.server.transport.shared.TicketHold;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/**
 * Writes the one answer of a unary call, on the thread that it comes on, and passes on the client's
 * cancellation. To be made while the call is being handed in, not later.
 */
final class UnaryReply<A, M> implements Reply<A> {
  private final StreamObserver<M> observer;
  private final Function<A, M> encode;
  private final Function<A, String> variant;
  private final Faults faults;
  private final TicketHold hold = new TicketHold();
  private final RequestTrace trace = CallTraces.current();
  private final AnswerHeaders headers = AnswerHeaders.current();

  /** Of no model, or of nothing that has variants. */
  UnaryReply(StreamObserver<M> observer, Function<A, M> encode, Faults faults) {
    this(observer, encode, answer -> "", faults);
  }

  /**
   * @param variant that an answer is of
   */
  UnaryReply(
      StreamObserver<M> observer,
      Function<A, M> encode,
      Function<A, String> variant,
      Faults faults) {
    this.observer = observer;
    this.encode = encode;
    this.variant = variant;
    this.faults = faults;
    ((ServerCallStreamObserver<M>) observer).setOnCancelHandler(hold::cancel);
  }

  /** Tells whom the client's cancellation is for. */
  void attach(Ticket ticket) {
    hold.attach(ticket);
  }

  @Override
  public void ok(A answer) {
    M message;
    try {
      message = encode.apply(answer);
    } catch (RuntimeException e) {
      failed(faults.problem(e));
      return;
    }
    headers.variant(variant.apply(answer));
    observer.onNext(message);
    observer.onCompleted();
  }

  @Override
  public void failed(Problem problem) {
    trace.failed(problem);
    observer.onError(GrpcProblems.exception(problem));
  }
}
