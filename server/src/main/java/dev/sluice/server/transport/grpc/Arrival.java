// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import io.grpc.Context;
import java.util.Objects;

/**
 * When the message of a call that is being handled had arrived; of a stream, the latest one. One
 * per call. gRPC hands a call's messages and half close in one after the other, so that it needs no
 * lock.
 */
final class Arrival {
  static final Context.Key<Arrival> KEY = Context.key("sluice-arrival");

  private long nanos;

  /** That of the call that is being handled on this thread. */
  static Arrival current() {
    return Objects.requireNonNull(KEY.get(), "the interceptor of CallHeaders was not asked");
  }

  void at(long arrivedNanos) {
    nanos = arrivedNanos;
  }

  long nanos() {
    return nanos;
  }
}
