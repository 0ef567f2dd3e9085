// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

/** Where one answered request spent its time. */
public record StageTimes(
    long decodeNanos,
    long encodeNanos,
    long queueNanos,
    long computeNanos,
    long splitNanos,
    long totalNanos) {

  long of(Stage stage) {
    return switch (stage) {
      case DECODE -> decodeNanos;
      case ENCODE -> encodeNanos;
      case QUEUE -> queueNanos;
      case COMPUTE -> computeNanos;
      case SPLIT -> splitNanos;
      case TOTAL -> totalNanos;
    };
  }
}
