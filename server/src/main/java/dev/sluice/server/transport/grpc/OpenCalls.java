// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.transport.shared.OpenCount;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * Counts the calls that a drain waits for. Health watches and reflection streams stay open for as
 * long as their clients like, so that a drain that waited for them would always take all its grace.
 *
 * <p>Safe for use by many threads.
 */
record OpenCalls(OpenCount count) implements ServerInterceptor {
  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (call.getMethodDescriptor().getFullMethodName().startsWith("grpc.")) {
      return next.startCall(call, headers);
    }
    count.begin();
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        count.end();
        super.onComplete();
      }

      @Override
      public void onCancel() {
        count.end();
        super.onCancel();
      }
    };
  }
}
