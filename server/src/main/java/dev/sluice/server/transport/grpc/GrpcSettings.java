// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import java.time.Duration;

/**
 * Every limit of the gRPC front end.
 *
 * @param maxMessageBytes the largest request, after decompression
 * @param maxMetadataBytes the largest header list
 * @param maxTensors inputs, and requested outputs, of one infer call
 * @param maxEmbedInputs inputs of one embed call
 * @param maxStreamInFlight requests of one stream that are read before the first is answered
 * @param eventLoopThreads 0 for one per core
 */
public record GrpcSettings(
    int maxMessageBytes,
    int maxMetadataBytes,
    int maxTensors,
    int maxEmbedInputs,
    int maxStreamInFlight,
    int eventLoopThreads,
    ConnectionLimits connections) {

  public GrpcSettings {
    atLeast("maxMessageBytes", maxMessageBytes, 1024);
    atLeast("maxMetadataBytes", maxMetadataBytes, 1024);
    atLeast("maxTensors", maxTensors, 1);
    atLeast("maxEmbedInputs", maxEmbedInputs, 1);
    atLeast("maxStreamInFlight", maxStreamInFlight, 1);
    atLeast("eventLoopThreads", eventLoopThreads, 0);
  }

  public static GrpcSettings defaults() {
    return new GrpcSettings(64 << 20, 8 << 10, 256, 8192, 64, 0, ConnectionLimits.defaults());
  }

  /** The same with another size of the largest request. */
  public GrpcSettings withMaxMessageBytes(int bytes) {
    return new GrpcSettings(
        bytes,
        maxMetadataBytes,
        maxTensors,
        maxEmbedInputs,
        maxStreamInFlight,
        eventLoopThreads,
        connections);
  }

  /** The same with another number of requests in flight on a stream. */
  public GrpcSettings withMaxStreamInFlight(int requests) {
    return new GrpcSettings(
        maxMessageBytes,
        maxMetadataBytes,
        maxTensors,
        maxEmbedInputs,
        requests,
        eventLoopThreads,
        connections);
  }

  /** The same with other limits of a connection. */
  public GrpcSettings withConnections(ConnectionLimits limits) {
    return new GrpcSettings(
        maxMessageBytes,
        maxMetadataBytes,
        maxTensors,
        maxEmbedInputs,
        maxStreamInFlight,
        eventLoopThreads,
        limits);
  }

  static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
