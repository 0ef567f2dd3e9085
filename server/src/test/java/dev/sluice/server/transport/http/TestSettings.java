// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import java.util.List;

/** The default settings, but for what a test is about. */
final class TestSettings {
  private static final HttpSettings USUAL = HttpSettings.defaults();

  private TestSettings() {}

  static HttpSettings connections(int most) {
    return with(USUAL.maxBodyBytes(), USUAL.maxBufferedBytes(), most, USUAL.corsOrigins());
  }

  static HttpSettings bodies(int largest, long together) {
    return with(largest, together, USUAL.maxConnections(), USUAL.corsOrigins());
  }

  /** For web pages of other origins. */
  static HttpSettings cors(String origin) {
    return with(
        USUAL.maxBodyBytes(), USUAL.maxBufferedBytes(), USUAL.maxConnections(), List.of(origin));
  }

  private static HttpSettings with(
      int maxBodyBytes, long maxBufferedBytes, int maxConnections, List<String> corsOrigins) {
    return new HttpSettings(
        maxBodyBytes,
        maxBufferedBytes,
        USUAL.maxHeaderBytes(),
        USUAL.maxRequestLine(),
        USUAL.headerTimeout(),
        USUAL.bodyTimeout(),
        USUAL.minBodyRate(),
        USUAL.idleTimeout(),
        maxConnections,
        USUAL.maxConcurrentRequests(),
        USUAL.maxResets(),
        USUAL.resetWindow(),
        USUAL.maxControlFrames(),
        USUAL.maxPipelined(),
        USUAL.maxTensors(),
        USUAL.maxEmbedInputs(),
        corsOrigins,
        USUAL.eventLoopThreads());
  }
}
