// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.run.WrongAnswer;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Holds the answer of one call to those that are right. Used on the call's event loop. */
final class AnswerCheck implements Consumer<ByteString> {
  private final Protocol protocol;
  private final Golden golden;
  private final List<Item> items;
  private String problem = "";

  AnswerCheck(Protocol protocol, Golden golden, List<Item> items) {
    this.protocol = protocol;
    this.golden = golden;
    this.items = items;
  }

  @Override
  public void accept(ByteString answer) {
    try {
      List<float[]> vectors = protocol.vectors(answer);
      if (vectors.size() != items.size()) {
        problem = "not as many answers as inputs";
        return;
      }
      for (int i = 0; i < vectors.size() && problem.isEmpty(); i++) {
        problem = golden.problem(items.get(i), vectors.get(i));
      }
    } catch (IOException e) {
      problem = "the answer has no embeddings";
    }
  }

  /** What the call ended with: a wrong answer is an error of a kind that no server sends. */
  Status judged(Status status) {
    return status.isOk() && !problem.isEmpty() ? WrongAnswer.status(problem) : status;
  }
}
