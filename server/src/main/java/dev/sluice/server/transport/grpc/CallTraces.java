// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.RequestEnd;
import dev.sluice.server.core.RequestHead;
import dev.sluice.server.core.RequestTrace;
import dev.sluice.server.core.RequestTraces;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Has every call followed, from its headers to the last byte of its answer, whatever becomes of it
 * between. Of a stream each request is followed by itself, and the stream only shows if it fails.
 * Probes are not followed: there are many, and they say nothing.
 */
final class CallTraces extends ServerStreamTracer.Factory {
  private static final Context.Key<RequestTrace> TRACE =
      Context.keyWithDefault("sluice-trace", RequestTrace.NONE);
  private static final Context.Key<Call> CALL = Context.key("sluice-call");

  private final RequestTraces traces;
  private final NanoClock clock;

  CallTraces(RequestTraces traces, NanoClock clock) {
    this.traces = traces;
    this.clock = clock;
  }

  /** That of the request that is being handled on this thread. */
  static RequestTrace current() {
    return TRACE.get();
  }

  /** That of a further request on the stream that is being handled on this thread. */
  static RequestTrace next() {
    Call call = CALL.get();
    return call == null ? RequestTrace.NONE : call.begin(Arrival.current().nanos());
  }

  /** Runs the handler of one request of a stream. */
  static void under(RequestTrace trace, Runnable handler) {
    if (CALL.get() == null) {
      handler.run();
    } else {
      Context.current().withValue(TRACE, trace).run(handler);
    }
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    boolean probe =
        method.startsWith("grpc.")
            || method.endsWith("/ServerLive")
            || method.endsWith("/ServerReady");
    return probe ? new ServerStreamTracer() {} : new Call(method, headers);
  }

  /** One call; told of its steps by gRPC, on any thread. */
  private final class Call extends ServerStreamTracer implements RequestHead {
    private final String method;
    private final Metadata headers;
    private final RequestTrace trace;
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();
    private volatile @Nullable SocketAddress peer;
    private volatile boolean stream;

    Call(String method, Metadata headers) {
      this.method = method;
      this.headers = headers;
      this.trace = begin(clock.nanoTime());
    }

    RequestTrace begin(long atNanos) {
      return traces.begin(this, atNanos);
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValues(TRACE, trace, CALL, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      stream = !call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    @Override
    public void inboundWireSize(long bytes) {
      bytesIn.addAndGet(bytes);
    }

    @Override
    public void outboundWireSize(long bytes) {
      bytesOut.addAndGet(bytes);
    }

    @Override
    public void streamClosed(Status status) {
      if (stream && status.isOk()) {
        return;
      }
      String reason = status.getDescription();
      trace.ended(
          new RequestEnd(
              status.getCode().value(),
              GrpcProblems.outcome(status.getCode()),
              reason == null ? "" : reason,
              bytesIn.get(),
              bytesOut.get()));
    }

    @Override
    public Protocol protocol() {
      return Protocol.GRPC;
    }

    @Override
    public String method() {
      return method;
    }

    @Override
    public String path() {
      return "";
    }

    @Override
    public @Nullable SocketAddress peer() {
      return peer;
    }

    @Override
    public @Nullable String header(String name) {
      Iterable<String> values =
          headers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      return values == null ? null : String.join(",", values);
    }
  }
}
