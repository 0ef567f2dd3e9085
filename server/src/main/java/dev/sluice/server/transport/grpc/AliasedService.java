// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.sluice.batching.NanoClock;
import dev.sluice.server.core.ProblemException;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/** A generated service whose requests are read by {@link AliasingMarshaller}. */
final class AliasedService {
  private AliasedService() {}

  static ServerServiceDefinition of(
      BindableService service, MessageLimits limits, NanoClock clock) {
    ServerServiceDefinition generated = service.bindService();
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    generated.getMethods().forEach(method -> methods.add(aliased(method, limits, clock)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(generated.getServiceDescriptor().getName())
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(definition::addMethod);
    return definition.build();
  }

  private static <Q, R> ServerMethodDefinition<Incoming<Q>, R> aliased(
      ServerMethodDefinition<Q, R> method, MessageLimits limits, NanoClock clock) {
    MethodDescriptor<Q, R> generated = method.getMethodDescriptor();
    MethodDescriptor<Incoming<Q>, R> aliased =
        generated.toBuilder(
                aliasing(generated.getRequestMarshaller(), limits, clock),
                generated.getResponseMarshaller())
            .build();
    ServerCallHandler<Q, R> handler = method.getServerCallHandler();
    return ServerMethodDefinition.create(
        aliased,
        (call, headers) -> {
          Unwrapped<Q, R> unwrapped = new Unwrapped<>(call, generated);
          return new Unwrapping<>(unwrapped, handler.startCall(unwrapped, headers));
        });
  }

  @SuppressWarnings("unchecked") // a marshaller's prototype is of the marshaller's own type
  private static <Q> MethodDescriptor.Marshaller<Incoming<Q>> aliasing(
      MethodDescriptor.Marshaller<Q> generated, MessageLimits limits, NanoClock clock) {
    if (generated instanceof MethodDescriptor.PrototypeMarshaller<Q> typed
        && typed.getMessagePrototype() instanceof Message prototype) {
      return new AliasingMarshaller<>(
          (Parser<? extends Q>) prototype.getParserForType(),
          new MessageShape(prototype.getDescriptorForType(), limits),
          clock);
    }
    throw new IllegalArgumentException("not a protobuf method: " + generated);
  }

  /**
   * Hands on what could be read; refuses the rest, which ends the call. To the handler that looks
   * like a client that left, and it hears of nothing that comes after.
   */
  private static final class Unwrapping<Q> extends ServerCall.Listener<Incoming<Q>> {
    private final Unwrapped<?, ?> call;
    private final ServerCall.Listener<Q> listener;
    private boolean refused;

    Unwrapping(Unwrapped<?, ?> call, ServerCall.Listener<Q> listener) {
      this.call = call;
      this.listener = listener;
    }

    @Override
    public void onMessage(Incoming<Q> incoming) {
      if (refused) {
        return;
      }
      switch (incoming) {
        case Incoming.Good<Q> good -> {
          Arrival.current().at(good.arrivedNanos());
          listener.onMessage(good.message());
        }
        case Incoming.Bad<Q> bad -> {
          refused = true;
          call.closedElsewhere();
          listener.onCancel();
          throw new ProblemException(bad.problem());
        }
      }
    }

    @Override
    public void onHalfClose() {
      tell(listener::onHalfClose);
    }

    @Override
    public void onCancel() {
      tell(listener::onCancel);
    }

    @Override
    public void onComplete() {
      tell(listener::onComplete);
    }

    @Override
    public void onReady() {
      tell(listener::onReady);
    }

    private void tell(Runnable callback) {
      if (!refused) {
        callback.run();
      }
    }
  }

  /** The call as the generated handler knows it. */
  private static final class Unwrapped<Q, R> extends ServerCall<Q, R> {
    private final ServerCall<Incoming<Q>, R> call;
    private final MethodDescriptor<Q, R> method;
    private volatile boolean closedElsewhere;

    Unwrapped(ServerCall<Incoming<Q>, R> call, MethodDescriptor<Q, R> method) {
      this.call = call;
      this.method = method;
    }

    @Override
    public void request(int messages) {
      call.request(messages);
    }

    @Override
    public void sendHeaders(Metadata headers) {
      call.sendHeaders(headers);
    }

    @Override
    public void sendMessage(R message) {
      call.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!closedElsewhere) {
        call.close(status, trailers);
      }
    }

    /** Some handlers close the call when they hear that it is over: the refusal goes before. */
    void closedElsewhere() {
      closedElsewhere = true;
    }

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public boolean isCancelled() {
      return call.isCancelled();
    }

    @Override
    public void setMessageCompression(boolean enabled) {
      call.setMessageCompression(enabled);
    }

    @Override
    public void setCompression(String compressor) {
      call.setCompression(compressor);
    }

    @Override
    public MethodDescriptor<Q, R> getMethodDescriptor() {
      return method;
    }
  }
}
