// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;

/**
 * What a unary answer says beside its message, known only when it is there: which variant it is of.
 * Set by the thread that then writes the message, whose headers go out with it.
 */
final class AnswerHeaders {
  static final Context.Key<AnswerHeaders> KEY = Context.key("sluice-answer");

  private volatile String variant = "";

  /** Those of the call that is being handled on this thread. */
  static AnswerHeaders current() {
    AnswerHeaders headers = KEY.get();
    return headers == null ? new AnswerHeaders() : headers;
  }

  void variant(String name) {
    variant = name;
  }

  /** The call with these added to its headers. */
  <Q, R> ServerCall<Q, R> on(ServerCall<Q, R> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void sendHeaders(Metadata headers) {
        if (!variant.isEmpty()) {
          headers.put(CallHeaders.VARIANT, variant);
        }
        super.sendHeaders(headers);
      }
    };
  }
}
