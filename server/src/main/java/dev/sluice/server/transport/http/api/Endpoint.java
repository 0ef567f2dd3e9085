// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http.api;

import dev.sluice.batching.Ticket;

/** Handles the requests of one route; what it throws is answered as a failure. */
interface Endpoint {
  Ticket NOTHING_TO_CANCEL = () -> {};

  Ticket handle(ApiRequest request, PathParts parts, Responder responder);
}
