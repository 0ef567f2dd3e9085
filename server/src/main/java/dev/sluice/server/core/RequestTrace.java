// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.CallTiming;
import dev.sluice.server.telemetry.ModelLabels;
import java.util.List;

/**
 * Follows one request from its head to its end. Whoever takes a step says so here, with the times
 * that were measured for it anyway. Steps that are never reached are never told.
 *
 * <p>To be called by any thread; no method blocks or throws.
 */
public interface RequestTrace {
  /** Follows nothing. */
  RequestTrace NONE = new RequestTrace() {};

  /** The id by which the client knows the request; empty for none. */
  default void named(String requestId) {}

  /** The rule among few by which its path was understood, such as {@code /v2/models/{name}}. */
  default void matched(String route) {}

  /** What is asked of which model. The last word counts. */
  default void asked(ModelRef model, String tenant, List<EmbedInput> inputs) {}

  /**
   * The business of a model from here on.
   *
   * @param arrivedNanos when the last byte was there, on the server's clock
   */
  default void accepted(ModelLabels model, long arrivedNanos) {}

  /**
   * Read and found valid.
   *
   * @param decodeNanos since it had arrived
   */
  default void decoded(long decodeNanos) {}

  /**
   * To be put into the queue next.
   *
   * @param tokens 0 for tensors
   * @param encodeNanos since it was decoded
   */
  default void queued(int rows, long tokens, long encodeNanos) {}

  /** Has left the batcher, with results or without. */
  default void ran(CallTiming timing) {}

  /**
   * There is an answer, to be written next.
   *
   * @param splitNanos of the total, from results to answer
   * @param totalNanos since it had arrived
   */
  default void answered(long splitNanos, long totalNanos) {}

  /** There will be no answer; the last word counts. */
  default void failed(Problem problem) {}

  /** The client has been told, or is gone. The first word counts, and nothing counts after it. */
  default void ended(RequestEnd end) {}
}
