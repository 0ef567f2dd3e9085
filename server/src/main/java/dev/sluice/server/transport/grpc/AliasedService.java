// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/** A generated service whose requests are read by {@link AliasingMarshaller}. */
final class AliasedService {
  private AliasedService() {}

  static ServerServiceDefinition of(BindableService service) {
    ServerServiceDefinition generated = service.bindService();
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    generated.getMethods().forEach(method -> methods.add(aliased(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(generated.getServiceDescriptor().getName())
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(definition::addMethod);
    return definition.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> aliased(ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> generated = method.getMethodDescriptor();
    MethodDescriptor<Q, R> aliased =
        generated.toBuilder(
                aliasing(generated.getRequestMarshaller()), generated.getResponseMarshaller())
            .build();
    return ServerMethodDefinition.create(aliased, method.getServerCallHandler());
  }

  @SuppressWarnings("unchecked") // a marshaller's prototype is of the marshaller's own type
  private static <Q> MethodDescriptor.Marshaller<Q> aliasing(
      MethodDescriptor.Marshaller<Q> generated) {
    if (generated instanceof MethodDescriptor.PrototypeMarshaller<Q> typed
        && typed.getMessagePrototype() instanceof Message prototype) {
      return (MethodDescriptor.Marshaller<Q>) new AliasingMarshaller<>(prototype);
    }
    throw new IllegalArgumentException("not a protobuf method: " + generated);
  }
}
