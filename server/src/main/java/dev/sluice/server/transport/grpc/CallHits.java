// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Outcome;
import dev.sluice.server.telemetry.Telemetry;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Objects;

/**
 * Counts the calls that gRPC refuses before any of this server's code sees them whole: messages
 * over the limit, methods and encodings that do not exist. One per call; gRPC tells it of a call's
 * end once.
 */
final class CallHits extends ServerStreamTracer {
  private static final Context.Key<CallHits> KEY = Context.key("sluice-call-hits");

  private final Telemetry telemetry;
  private volatile boolean answered;

  private CallHits(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  static Factory factory(Telemetry telemetry) {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new CallHits(telemetry);
      }
    };
  }

  /** That of the call that begins on this thread. */
  static CallHits current() {
    return Objects.requireNonNull(KEY.get(), "every call is traced");
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  /** The server's own code has the last word on this call. */
  void answered() {
    answered = true;
  }

  @Override
  public void streamClosed(Status status) {
    if (answered) {
      return;
    }
    switch (status.getCode()) {
      case RESOURCE_EXHAUSTED -> {
        telemetry.refused(Outcome.TOO_LARGE);
        telemetry.limitHit(Limit.GRPC_MESSAGE);
      }
      case UNIMPLEMENTED -> telemetry.refused(Outcome.UNSUPPORTED);
      default -> {}
    }
  }
}
