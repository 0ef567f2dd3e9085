// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.launch.Pool.Pooling;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import java.util.Optional;

/**
 * Finds the pooling in a file that pools by itself: the mean of the tokens that count, or the first
 * one, and maybe the division by its length. Nothing else passes.
 */
record PoolingTail(Blocks blocks) {
  private static final String MASK = "attention_mask";

  /** Below it a vector would have to be for a bound on lengths to change it. */
  private static final double LITTLE = 1e-6;

  /** From it on a bound from above bounds nothing. */
  private static final double HUGE = 1e30;

  static Ending.Pooled find(Blocks blocks, String value) throws EngineException {
    PoolingTail tail = new PoolingTail(blocks);
    OnnxNode last = blocks.maker(tail.ofOne(value), "a pooled vector");
    Optional<String> scaled = tail.scaled(last);
    String pooled = tail.ofOne(scaled.orElse(last.output(0)));
    Optional<String> first = FirstToken.of(blocks, pooled);
    if (first.isPresent()) {
      return new Ending.Pooled(first.get(), Pooling.FIRST_TOKEN, scaled.isPresent());
    }
    OnnxNode node = blocks.maker(pooled, "a pooled vector");
    String tokens =
        tail.averaged(node)
            .orElseThrow(
                () ->
                    Blocks.unknown(
                        node,
                        "is neither the first token nor the mean of those that the %s leaves"
                            .formatted(MASK)));
    return new Ending.Pooled(tokens, Pooling.MEAN, scaled.isPresent());
  }

  /** Exporters join what several poolings gave, also if it is one. */
  private String ofOne(String value) {
    return blocks
        .graph()
        .producer(value)
        .filter(node -> node.is("Concat") && node.inputs().size() == 1)
        .map(node -> node.input(0))
        .orElse(value);
  }

  /** What a node brings to length 1; empty if it does not. */
  private Optional<String> scaled(OnnxNode node) {
    if (node.is("LpNormalization")) {
      boolean rows = node.integer("axis", -1) == -1 || node.integer("axis", -1) == 1;
      return Optional.of(node.input(0)).filter(x -> rows && node.integer("p", 2) == 2);
    }
    if (!node.is("Div")) {
      return Optional.empty();
    }
    String vector = node.input(0);
    return blocks
        .graph()
        .producer(atLeast(stretched(node.input(1)), LITTLE))
        .filter(length -> length.is("ReduceL2") && length.input(0).equals(vector))
        .filter(length -> length.integer("keepdims", 1) == 1)
        .filter(length -> blocks.isAlong(length, 1) || blocks.isAlong(length, -1))
        .map(length -> vector);
  }

  /** The tokens whose mean a node gives. */
  private Optional<String> averaged(OnnxNode node) {
    if (!node.is("Div") || !isCount(atLeast(stretched(node.input(1)), 1))) {
      return Optional.empty();
    }
    return summed(node.input(0))
        .flatMap(weighted -> blocks.graph().producer(weighted))
        .filter(product -> product.is("Mul"))
        .flatMap(
            product ->
                isWeight(product.input(1), true)
                    ? Optional.of(product.input(0))
                    : Optional.of(product.input(1)).filter(x -> isWeight(product.input(0), true)));
  }

  /** What is summed along the tokens, which are an axis no more. */
  private Optional<String> summed(String value) {
    return blocks
        .graph()
        .producer(value)
        .filter(node -> isSum(node) && node.integer("keepdims", 1) == 0)
        .map(node -> node.input(0));
  }

  private boolean isSum(OnnxNode node) {
    return node.is("ReduceSum") && blocks.isAlong(node, 1);
  }

  /** {@code [B, 1]}, or the same number in each of {@code [B, H]}. */
  private boolean isCount(String value) {
    if (summed(value).filter(weight -> isWeight(weight, true)).isPresent()) {
      return true;
    }
    return blocks
        .graph()
        .producer(value)
        .filter(node -> isSum(node) && node.integer("keepdims", 1) == 1)
        .filter(node -> isWeight(node.input(0), false))
        .isPresent();
  }

  /**
   * The mask as numbers.
   *
   * @param perComponent whether with an axis behind the tokens'
   */
  private boolean isWeight(String value, boolean perComponent) {
    String inner = value;
    boolean widened = false;
    for (Optional<OnnxNode> node = blocks.graph().producer(inner);
        node.isPresent();
        node = blocks.graph().producer(inner)) {
      boolean widens = blocks.isAlong(node.get(), -1) || blocks.isAlong(node.get(), 2);
      if (node.get().is("Unsqueeze") && widens && !widened) {
        widened = true;
      } else if (!node.get().is("Cast") && !isStretch(node.get())) {
        return false;
      }
      inner = node.get().input(0);
    }
    return inner.equals(MASK) && widened == perComponent;
  }

  private String stretched(String value) {
    return blocks
        .graph()
        .producer(value)
        .filter(this::isStretch)
        .map(node -> node.input(0))
        .orElse(value);
  }

  /** To the shape of something; what it holds stays where it is. */
  private boolean isStretch(OnnxNode node) {
    return node.is("Expand") && blocks.followsFromShapes(node.input(1));
  }

  /** The value that a node keeps from being less than a bound, which is at most {@code most}. */
  private String atLeast(String value, double most) {
    return blocks
        .graph()
        .producer(value)
        .filter(node -> isBound(node, most))
        .map(node -> node.input(0))
        .orElse(value);
  }

  private boolean isBound(OnnxNode node, double most) {
    if (node.is("Max") && node.inputs().size() == 2) {
      return number(node.input(1), HUGE) <= most;
    }
    return node.is("Clip")
        && number(node.input(1), node.real("min", 0)) <= most
        && number(node.input(2), node.real("max", Float.MAX_VALUE)) >= HUGE;
  }

  /** The only element of a constant; the other number where there is no value. */
  private double number(String value, double otherwise) {
    if (value.isEmpty()) {
      return otherwise;
    }
    return blocks
        .constant(value)
        .filter(tensor -> tensor.elements() == 1)
        .map(tensor -> (double) TensorValues.floats(tensor)[0])
        .orElse(Double.NaN);
  }
}
