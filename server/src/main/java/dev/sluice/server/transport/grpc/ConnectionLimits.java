// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.GrpcSettings.atLeast;
import static dev.sluice.server.transport.grpc.GrpcSettings.positive;

import java.time.Duration;

/**
 * What one client connection may do.
 *
 * @param maxConcurrentCalls calls at one time; a client queues the others itself
 * @param handshakeTimeout from accepting a connection to its HTTP/2 settings
 * @param maxIdle a connection without calls for that long is closed
 * @param maxAge a connection that old is told to go away, so that clients spread over new replicas
 * @param maxAgeGrace what calls of such a connection have to finish
 * @param keepAliveTime a silent connection is pinged after that long
 * @param keepAliveTimeout and closed when the ping is not answered in that time
 * @param permitKeepAlive the shortest interval at which a client may ping
 * @param permitKeepAliveWithoutCalls whether it may ping with no call open
 * @param flowControlWindow bytes that a client may send ahead of being read
 * @param maxResets streams that may be reset, by either side, in each {@code resetWindow}; the
 *     connection is closed at more (the "rapid reset" attack)
 */
public record ConnectionLimits(
    int maxConcurrentCalls,
    Duration handshakeTimeout,
    Duration maxIdle,
    Duration maxAge,
    Duration maxAgeGrace,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration permitKeepAlive,
    boolean permitKeepAliveWithoutCalls,
    int flowControlWindow,
    int maxResets,
    Duration resetWindow) {

  public ConnectionLimits {
    atLeast("maxConcurrentCalls", maxConcurrentCalls, 1);
    positive("handshakeTimeout", handshakeTimeout);
    positive("maxIdle", maxIdle);
    positive("maxAge", maxAge);
    positive("maxAgeGrace", maxAgeGrace);
    positive("keepAliveTime", keepAliveTime);
    positive("keepAliveTimeout", keepAliveTimeout);
    positive("permitKeepAlive", permitKeepAlive);
    atLeast("flowControlWindow", flowControlWindow, 65_535);
    atLeast("maxResets", maxResets, 1);
    if (resetWindow.toSeconds() < 1) {
      throw new IllegalArgumentException("resetWindow must be at least one second");
    }
  }

  public static ConnectionLimits defaults() {
    return new ConnectionLimits(
        256,
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofSeconds(20),
        Duration.ofSeconds(10),
        true,
        4 << 20,
        200,
        Duration.ofSeconds(30));
  }

  /** The same with another limit of resets. */
  public ConnectionLimits withMaxResets(int resets, Duration window) {
    return new ConnectionLimits(
        maxConcurrentCalls,
        handshakeTimeout,
        maxIdle,
        maxAge,
        maxAgeGrace,
        keepAliveTime,
        keepAliveTimeout,
        permitKeepAlive,
        permitKeepAliveWithoutCalls,
        flowControlWindow,
        resets,
        window);
  }
}
