// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import java.time.Duration;
import java.util.List;

/**
 * Every limit of the HTTP front end.
 *
 * @param maxBodyBytes the largest request body, before and after decompression
 * @param maxBufferedBytes of requests and answers in memory at one time, over all connections
 * @param headerTimeout from a connection's start, or a request's first byte, to its last header
 * @param bodyTimeout a body, a request's or an answer's, must be through after that, plus the time
 *     that {@code minBodyRate} gives it
 * @param minBodyRate bytes per second that keep a slow body alive
 * @param idleTimeout a connection without requests is closed after that
 * @param maxConcurrentRequests of one HTTP/2 connection
 * @param maxResets streams that may be reset, by either side, in each {@code resetWindow}; the
 *     connection is closed at more
 * @param maxControlFrames pings, settings and the like in each {@code resetWindow}; as above
 * @param maxPipelined requests of an HTTP/1.1 connection that may wait behind one that is open
 * @param corsOrigins whose web pages may read answers; {@code *} for all
 * @param eventLoopThreads 0 for one per core
 */
public record HttpSettings(
    int maxBodyBytes,
    long maxBufferedBytes,
    int maxHeaderBytes,
    int maxRequestLine,
    Duration headerTimeout,
    Duration bodyTimeout,
    int minBodyRate,
    Duration idleTimeout,
    int maxConnections,
    int maxConcurrentRequests,
    int maxResets,
    Duration resetWindow,
    int maxControlFrames,
    int maxPipelined,
    int maxTensors,
    int maxEmbedInputs,
    List<String> corsOrigins,
    int eventLoopThreads) {

  public static HttpSettings defaults() {
    return new HttpSettings(
        64 << 20,
        512L << 20,
        8 << 10,
        4 << 10,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        1024,
        Duration.ofMinutes(5),
        10_000,
        256,
        200,
        Duration.ofSeconds(30),
        1_000,
        128,
        256,
        2048,
        List.of(),
        0);
  }
}
