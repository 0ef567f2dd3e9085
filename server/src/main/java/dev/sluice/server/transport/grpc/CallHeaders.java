// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/**
 * The metadata that says something about a request, as it came; empty where it did not. It is
 * checked where it is used, so that a bad value is answered like any bad argument.
 *
 * @param errorsEndStream Triton's {@code triton_grpc_error}: an error on a stream ends it
 */
record CallHeaders(String variant, String tenant, String criticality, boolean errorsEndStream) {
  private static final Context.Key<CallHeaders> KEY =
      Context.keyWithDefault("sluice-headers", new CallHeaders("", "", "", false));

  /** Of a request, the one that it asks for; of an answer, the one that gave it. */
  static final Metadata.Key<String> VARIANT = key("sluice-variant");

  private static final Metadata.Key<String> TENANT = key("sluice-tenant");
  private static final Metadata.Key<String> CRITICALITY = key("sluice-criticality");
  private static final Metadata.Key<String> GRPC_ERROR = key("triton_grpc_error");

  /** Those of the call that is being handled on this thread. */
  static CallHeaders current() {
    return KEY.get();
  }

  static ServerInterceptor interceptor() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        AnswerHeaders answer = new AnswerHeaders();
        Context context =
            Context.current()
                .withValues(
                    KEY, of(headers), Arrival.KEY, new Arrival(), AnswerHeaders.KEY, answer);
        return Contexts.interceptCall(context, answer.on(call), headers, next);
      }
    };
  }

  private static CallHeaders of(Metadata headers) {
    return new CallHeaders(
        text(headers, VARIANT),
        text(headers, TENANT),
        text(headers, CRITICALITY),
        text(headers, GRPC_ERROR).equals("true"));
  }

  private static String text(Metadata headers, Metadata.Key<String> key) {
    String value = headers.get(key);
    return value == null ? "" : value;
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
