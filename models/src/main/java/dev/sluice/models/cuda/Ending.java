// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.HeadWeights;
import dev.sluice.kernels.launch.Head.Activation;
import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.models.cuda.Blocks.Linear;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import java.util.List;
import java.util.Optional;

/** What a file makes of the vectors of tokens. */
sealed interface Ending {
  /** The value that holds the vectors of tokens. */
  String tokens();

  /** It gives them as they are. */
  record Tokens(String tokens) implements Ending {}

  /** It pools them by itself. */
  record Pooled(String tokens, Pooling pooling, boolean normalize) implements Ending {}

  /** It gives {@code labels(activation(dense(first token)))}: a classifier, or a cross-encoder. */
  record Labels(String tokens, Linear dense, Activation activation, Linear labels)
      implements Ending {

    private static Labels find(Blocks blocks, String value) throws EngineException {
      Linear labels = blocks.linear(value);
      OnnxNode between = blocks.maker(labels.x(), "an activation");
      Activation activation =
          activation(between)
              .orElseThrow(
                  () -> Blocks.unknown(between, "is none of tanh, ReLU and GELU before labels"));
      Linear dense = blocks.linear(between.input(0));
      OnnxNode first = blocks.maker(dense.x(), "a sequence's first token");
      String tokens =
          FirstToken.of(blocks, dense.x())
              .orElseThrow(() -> Blocks.unknown(first, "does not take the first token"));
      if (dense.outputs() != dense.inputs() || labels.inputs() != dense.outputs()) {
        throw Blocks.unknown(
            between,
            "is between products of %d to %d and %d to %d"
                .formatted(dense.inputs(), dense.outputs(), labels.inputs(), labels.outputs()));
      }
      return new Labels(tokens, dense, activation, labels);
    }

    private static Optional<Activation> activation(OnnxNode node) {
      return node.is("Tanh")
          ? Optional.of(Activation.TANH)
          : node.is("Relu")
              ? Optional.of(Activation.RELU)
              : Blocks.isGelu(node) ? Optional.of(Activation.GELU) : Optional.empty();
    }

    HeadWeights read() {
      return new HeadWeights(dense.read(), activation, labels.read());
    }
  }

  /** The outputs whose endings are known; where a file has several, the first counts. */
  List<String> OUTPUTS =
      List.of("last_hidden_state", "token_embeddings", "sentence_embedding", "logits");

  /**
   * @param output one of {@link #OUTPUTS}
   * @throws EngineException naming the node that is not known
   */
  static Ending of(Blocks blocks, String output) throws EngineException {
    String value = blocks.unnamed(output);
    return switch (output) {
      case "sentence_embedding" -> PoolingTail.find(blocks, value);
      case "logits" -> Labels.find(blocks, value);
      default -> new Tokens(value);
    };
  }
}
