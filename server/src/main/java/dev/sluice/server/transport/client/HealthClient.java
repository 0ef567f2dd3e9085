// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.client;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a running server for its health, once. */
public final class HealthClient {
  private HealthClient() {}

  /**
   * What came back.
   *
   * @param serving whether the answer was SERVING
   * @param text the status, or why there is none
   */
  public record Answer(boolean serving, String text) {}

  /**
   * Asks for one service; the empty name stands for the whole server.
   *
   * @param timeout for everything, the connection included
   */
  public static Answer check(String host, int port, String service, Duration timeout) {
    ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
    try {
      HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .check(request)
              .getStatus();
      return new Answer(status == ServingStatus.SERVING, status.name());
    } catch (StatusRuntimeException e) {
      return new Answer(false, why(e.getStatus(), service));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String why(Status status, String service) {
    return switch (status.getCode()) {
      case NOT_FOUND -> "SERVICE_UNKNOWN: the server knows no '" + service + "'";
      case UNAVAILABLE -> "UNREACHABLE: no connection";
      case DEADLINE_EXCEEDED -> "UNREACHABLE: no answer in time";
      default -> "FAILED: the server answered " + status.getCode();
    };
  }
}
