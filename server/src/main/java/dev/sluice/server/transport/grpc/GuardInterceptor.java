// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Problem;
import dev.sluice.server.transport.shared.Faults;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Answers whatever a handler throws: a refusal with its own status, anything else with INTERNAL and
 * an error id. Without it gRPC would answer UNKNOWN and leave nothing in the log to find it by.
 */
final class GuardInterceptor implements ServerInterceptor {
  private final Faults faults;

  GuardInterceptor(Faults faults) {
    this.faults = faults;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CloseOnce<Q, R> once = new CloseOnce<>(call, CallHits.current());
    try {
      return new Guarded<>(next.startCall(once, headers), once);
    } catch (RuntimeException e) {
      close(once, e);
      return new ServerCall.Listener<>() {};
    }
  }

  private void close(ServerCall<?, ?> call, RuntimeException thrown) {
    Problem problem = faults.problem(thrown);
    CallTraces.current().failed(problem);
    StatusRuntimeException answer = GrpcProblems.exception(problem);
    Metadata trailers = answer.getTrailers();
    call.close(answer.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  /** Lets one close through; a handler that threw may have closed the call before. */
  private static final class CloseOnce<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CallHits hits;

    CloseOnce(ServerCall<Q, R> call, CallHits hits) {
      super(call);
      this.hits = hits;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (closed.compareAndSet(false, true)) {
        hits.answered();
        super.close(status, trailers);
      }
    }
  }

  private final class Guarded<Q> extends ServerCall.Listener<Q> {
    private final ServerCall.Listener<Q> listener;
    private final ServerCall<?, ?> call;

    Guarded(ServerCall.Listener<Q> listener, ServerCall<?, ?> call) {
      this.listener = listener;
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      guard(() -> listener.onMessage(message));
    }

    @Override
    public void onHalfClose() {
      guard(listener::onHalfClose);
    }

    @Override
    public void onReady() {
      guard(listener::onReady);
    }

    @Override
    public void onCancel() {
      guard(listener::onCancel);
    }

    @Override
    public void onComplete() {
      guard(listener::onComplete);
    }

    private void guard(Runnable callback) {
      try {
        callback.run();
      } catch (RuntimeException e) {
        close(call, e);
      }
    }
  }
}
