// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.List;

/**
 * Where the answer to a call goes. Exactly one of the two methods is called, exactly once, possibly
 * before {@link Batcher#submit} returns. It runs on the thread that ended the call (a lane's, the
 * timer's, the submitter's, the canceller's), so it must be short and must not block.
 */
public interface Completion<R> {
  /** One result per item, in the order of the items. */
  void succeeded(List<R> results, CallTiming timing);

  void failed(Failure failure, CallTiming timing);
}
