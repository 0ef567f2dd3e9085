// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import dev.sluice.server.core.Problem;

/**
 * What came for a message: the message, or why it could not be read. A marshaller that threw
 * instead would have gRPC answer UNKNOWN, past everything that could say what was wrong.
 */
sealed interface Incoming<M> {
  /**
   * @param arrivedNanos when it had arrived whole, before it was read
   */
  record Good<M>(M message, long arrivedNanos) implements Incoming<M> {}

  record Bad<M>(Problem problem) implements Incoming<M> {}
}
