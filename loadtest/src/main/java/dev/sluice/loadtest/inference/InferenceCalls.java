// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.corpus.Corpus;
import dev.sluice.loadtest.corpus.Item;
import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.CallSource;
import dev.sluice.loadtest.run.PreparedCall;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an inference load. Which items a call has follows from its number alone, so that two
 * runs ask the same.
 */
public final class InferenceCalls implements CallSource.Factory {
  private final Protocol protocol;
  private final Corpus corpus;
  private final Inference inference;
  private final Metadata metadata;
  private final int seed;
  private final @Nullable Golden golden;

  /**
   * @param metadata of every call
   * @param golden takes the answers; null: they are not read
   */
  public InferenceCalls(
      Protocol protocol,
      Inference inference,
      Metadata metadata,
      int seed,
      @Nullable Golden golden) {
    this.protocol = protocol;
    this.corpus = protocol.corpus(inference, seed);
    this.inference = inference;
    this.metadata = metadata;
    this.seed = seed;
    this.golden = golden;
    // What the protocol cannot carry is better said before the run.
    corpus.forEach(item -> protocol.request(List.of(item)));
  }

  @Override
  public CallSource open(int loop) {
    long own = ((long) seed << Integer.SIZE) + loop;
    Mixes mixes = new Mixes(inference.mixes(), new SplittableRandom(own));
    return (worker, number) -> {
      List<Item> items = items(number);
      Metadata copy = new Metadata();
      copy.merge(metadata);
      mixes.add(copy);
      PreparedCall call = PreparedCall.of(protocol.rpc(), copy, List.of(protocol.request(items)));
      return golden == null ? call : call.answeredTo(new AnswerCheck(protocol, golden, items));
    };
  }

  private List<Item> items(long call) {
    if (inference.inputs() == 1) {
      return List.of(corpus.at(call));
    }
    List<Item> items = new ArrayList<>(inference.inputs());
    for (int i = 0; i < inference.inputs(); i++) {
      items.add(corpus.at(call * inference.inputs() + i));
    }
    return items;
  }
}
