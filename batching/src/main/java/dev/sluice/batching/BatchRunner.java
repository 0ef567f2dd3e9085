// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/** Runs batches for one lane; used by that lane's thread alone. */
public interface BatchRunner<T, R> extends AutoCloseable {
  /** One result per payload, in order. An exception fails the batch, not the lane. */
  List<R> run(List<T> payloads) throws Exception;

  /**
   * Runs something that is known to work. Is called when several batches in a row gave no result,
   * to tell bad calls from a broken lane; a lane that throws here takes no batches for a while.
   */
  default void check() throws Exception {}

  @Override
  default void close() {}
}
