// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.admin;

import java.time.Duration;

/**
 * Bounds of the admin port.
 *
 * @param maxConnections open at a time; one more is closed at once
 * @param stepLimit for a request to come in whole, for an answer to go out, for the next to begin
 */
public record AdminSettings(
    int maxLineBytes,
    int maxHeaderBytes,
    int maxBodyBytes,
    int maxConnections,
    Duration stepLimit) {
  public static AdminSettings defaults() {
    return new AdminSettings(4096, 8192, 1024, 64, Duration.ofSeconds(75));
  }
}
