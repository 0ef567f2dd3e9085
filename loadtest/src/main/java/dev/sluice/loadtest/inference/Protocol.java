// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Corpus;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.Rpc;
import java.io.IOException;
import java.util.List;

/** How items become a request, and an answer embeddings. For any thread. */
public interface Protocol {
  /** For HTTP, what it is called in place of a method. */
  Rpc rpc();

  /**
   * What its requests are made of: texts, where models take several things.
   *
   * @throws dev.sluice.loadtest.run.RunException if a file cannot be used
   */
  default Corpus corpus(Inference inference, int seed) {
    return Corpus.texts(inference, seed);
  }

  /**
   * @throws dev.sluice.loadtest.run.RunException if the protocol cannot carry such items
   */
  ByteString request(List<Item> items);

  /**
   * The embeddings of an answer, one for each item.
   *
   * @throws IOException if it is no such answer
   */
  List<float[]> vectors(ByteString answer) throws IOException;
}
