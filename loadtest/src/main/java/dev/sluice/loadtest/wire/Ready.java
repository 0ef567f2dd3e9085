// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.wire;

import dev.sluice.loadtest.run.RunException;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Waits until connections are there, so that no call pays for connecting. */
final class Ready {
  private static final Duration ASK = Duration.ofSeconds(2);

  private Ready() {}

  /**
   * @param timeout of all together
   * @throws RunException when one fails or the time is over
   */
  static void await(
      String host, List<ManagedChannel> channels, Duration timeout, LongSupplier nanoTime)
      throws InterruptedException {
    long end = nanoTime.getAsLong() + timeout.toNanos();
    channels.forEach(channel -> channel.getState(true));
    for (ManagedChannel channel : channels) {
      ConnectivityState state = channel.getState(true);
      while (state != ConnectivityState.READY) {
        if (state == ConnectivityState.TRANSIENT_FAILURE) {
          throw new RunException("cannot connect to " + host + ": " + reason(channel));
        }
        CountDownLatch changed = new CountDownLatch(1);
        channel.notifyWhenStateChanged(state, changed::countDown);
        if (!changed.await(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS)) {
          throw new RunException(
              "cannot connect to " + host + " within " + timeout.toMillis() + " ms");
        }
        state = channel.getState(true);
      }
    }
  }

  /** A channel tells the reason only to a call that fails for it. */
  private static String reason(ManagedChannel channel) {
    try {
      ClientCalls.blockingUnaryCall(
          channel,
          HealthGrpc.getCheckMethod(),
          CallOptions.DEFAULT.withDeadlineAfter(ASK.toMillis(), TimeUnit.MILLISECONDS),
          HealthCheckRequest.getDefaultInstance());
      return "the connection comes and goes";
    } catch (StatusRuntimeException e) {
      return Reasons.of(e);
    }
  }
}
