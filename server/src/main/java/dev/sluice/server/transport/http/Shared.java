// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.transport.http.api.Api;

/** What every connection of the front end is given. */
record Shared(HttpSettings settings, HttpParts parts, Api api, OpenRequests open, Cors cors) {
  /** Counts a limit that no request was refused for. */
  void hit(Limit limit) {
    parts.telemetry().limitHit(limit);
  }
}
