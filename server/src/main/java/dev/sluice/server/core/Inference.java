// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Ticket;

/**
 * The one way in to the models, the same for every transport. Neither method blocks; both answer
 * exactly once, a refusal included, and never throw for a bad request. Cancelling the returned
 * ticket answers with {@link Problem.Cancelled} unless an answer was given before.
 */
public interface Inference {
  Ticket infer(InferCall call, Reply<InferAnswer> reply);

  Ticket embed(EmbedCall call, Reply<EmbedAnswer> reply);
}
