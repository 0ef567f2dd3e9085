// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.corpus.Item;

/** Takes the embeddings of a run. For any thread. */
public interface Golden {
  /** What is wrong with it, in one line without the item; empty: nothing. */
  String problem(Item item, float[] vector);
}
