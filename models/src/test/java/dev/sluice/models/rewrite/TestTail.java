// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import static dev.sluice.models.testing.OnnxBuilder.integer;
import static dev.sluice.models.testing.OnnxBuilder.ints;

import dev.sluice.models.tensor.DType;
import java.util.List;

/** What exporters put behind the vectors of tokens. */
public interface TestTail {
  /** Adds nodes and outputs. */
  void add(TestEncoder encoder, String tokens);

  TestTail TOKENS =
      (encoder, tokens) -> encoder.output("last_hidden_state", tokens, -1, -1, encoder.hidden());

  /** As BERT's plain models: with a second output that few have a use for. */
  TestTail TOKENS_AND_POOLER =
      (encoder, tokens) -> {
        TOKENS.add(encoder, tokens);
        String dense = gemm(encoder, first(encoder, tokens), encoder.hidden());
        encoder.output("pooler_output", encoder.op("Tanh", dense), -1, encoder.hidden());
      };

  /**
   * A classifier, or a cross-encoder with its one label.
   *
   * @param activation {@code Tanh} (BERT, RoBERTa), {@code Relu} (DistilBERT), {@code Gelu}
   *     (ELECTRA), which is taken apart as everywhere
   * @param wholeProducts with products and biases in one node each, as newer exporters have them
   */
  static TestTail labels(String activation, int labels, boolean wholeProducts) {
    return (encoder, tokens) -> {
      int hidden = encoder.hidden();
      String first = wholeProducts ? first(encoder, tokens) : sliced(encoder, tokens);
      String dense =
          wholeProducts ? gemm(encoder, first, hidden) : encoder.dense(first, hidden, hidden);
      String active =
          activation.equals("Gelu") ? encoder.gelu(dense) : encoder.op(activation, dense);
      String logits =
          wholeProducts ? gemm(encoder, active, labels) : encoder.dense(active, hidden, labels);
      encoder.output("logits", logits, -1, labels);
    };
  }

  /**
   * As sentence-transformers puts it into the graph.
   *
   * @param besides whether the vectors of tokens are given as well
   */
  static TestTail mean(boolean normalize, boolean besides) {
    return (encoder, tokens) -> {
      String wide = encoder.unsqueeze("attention_mask", -1);
      String shape = encoder.op("Shape", tokens);
      String weights = encoder.cast(encoder.op("Expand", wide, shape), DType.FP32);
      String sum = sum(encoder, encoder.op("Mul", tokens, weights));
      String count = atLeast(encoder, sum(encoder, weights), 1e-9f);
      pooled(encoder, tokens, encoder.op("Div", sum, count), normalize, besides);
    };
  }

  static TestTail firstToken(boolean normalize) {
    return (encoder, tokens) -> pooled(encoder, tokens, first(encoder, tokens), normalize, false);
  }

  private static void pooled(
      TestEncoder encoder, String tokens, String pooled, boolean normalize, boolean besides) {
    String vector = encoder.op("Concat", List.of(pooled), integer("axis", 1));
    if (normalize) {
      String length =
          encoder.op("ReduceL2", List.of(vector), ints("axes", 1), integer("keepdims", 1));
      String bounded = atLeast(encoder, length, 1e-12f);
      vector =
          encoder.op("Div", vector, encoder.op("Expand", bounded, encoder.op("Shape", vector)));
    }
    if (besides) {
      encoder.output("token_embeddings", tokens, -1, -1, encoder.hidden());
    }
    encoder.output("sentence_embedding", vector, -1, encoder.hidden());
  }

  private static String atLeast(TestEncoder encoder, String value, float least) {
    return encoder.op("Clip", value, encoder.number(least));
  }

  private static String sum(TestEncoder encoder, String value) {
    return encoder.opset() >= 13
        ? encoder.op("ReduceSum", List.of(value, encoder.one(1)), integer("keepdims", 0))
        : encoder.op("ReduceSum", List.of(value), ints("axes", 1), integer("keepdims", 0));
  }

  private static String first(TestEncoder encoder, String tokens) {
    return encoder.op("Gather", List.of(tokens, encoder.number(0)), integer("axis", 1));
  }

  private static String sliced(TestEncoder encoder, String tokens) {
    String one =
        encoder.op("Slice", tokens, encoder.one(0), encoder.one(1), encoder.one(1), encoder.one(1));
    return encoder.opset() >= 13
        ? encoder.op("Squeeze", one, encoder.one(1))
        : encoder.op("Squeeze", List.of(one), ints("axes", 1));
  }

  private static String gemm(TestEncoder encoder, String x, int outputs) {
    return encoder.op(
        "Gemm",
        List.of(x, encoder.weights(outputs, encoder.hidden()), encoder.vector(outputs, 0.2)),
        integer("transB", 1));
  }
}
