// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The ways in which exporters count the tokens of a text. */
record PositionIds(Blocks blocks) {
  private static final Set<String> STRETCHING = Set.of("Unsqueeze", "Expand", "Reshape", "Cast");
  private static final int MOST_STEPS = 10;
  private static final int MOST_SKIPPED = 1000;

  /**
   * The position of a text's first token; each further token has the next.
   *
   * @param reader what takes rows by the positions, for the message
   */
  int first(String value, OnnxNode reader) throws EngineException {
    String positions = value;
    for (int step = 0; step < MOST_STEPS; step++) {
      Optional<OnnxNode> node = blocks.graph().producer(positions);
      if (node.isEmpty()) {
        break;
      }
      if (isCountingSlice(node.get()) || isRange(node.get())) {
        return 0;
      }
      OptionalLong counted = counted(node.get());
      if (counted.isPresent()) {
        return (int) counted.getAsLong();
      }
      if (!STRETCHING.contains(node.get().op())) {
        break;
      }
      positions = node.get().input(0);
    }
    throw Blocks.unknown(reader, "takes rows by positions that are counted in an unknown way");
  }

  /** As many as the text has tokens, of a constant 0, 1, 2 and so on. */
  private boolean isCountingSlice(OnnxNode node) {
    if (!node.is("Slice")) {
      return false;
    }
    Optional<Tensor> numbers = blocks.graph().constant(node.input(0));
    return numbers.isPresent()
        && counts(numbers.get())
        && blocks.isOnly(node.input(1), 0)
        && blocks.followsFromShapes(node.input(2))
        && (blocks.isOnly(node.input(3), 1) || blocks.isOnly(node.input(3), -1))
        && (node.input(4).isEmpty() || blocks.isOnly(node.input(4), 1));
  }

  private static boolean counts(Tensor tensor) {
    if (tensor.type() != DType.INT64 || tensor.rank() != 2 || tensor.dim(0) != 1) {
      return false;
    }
    long[] numbers = TensorValues.longs(tensor);
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] != i) {
        return false;
      }
    }
    return true;
  }

  private boolean isRange(OnnxNode node) {
    return node.is("Range")
        && blocks.isOnly(node.input(0), 0)
        && blocks.followsFromShapes(node.input(1))
        && blocks.isOnly(node.input(2), 1);
  }

  /**
   * RoBERTa's: {@code cumsum(ids != pad) * (ids != pad) + pad}. A text has no padding inside of it,
   * so its first token has {@code pad + 1}.
   */
  private OptionalLong counted(OnnxNode add) {
    if (!add.is("Add")) {
      return OptionalLong.empty();
    }
    for (int place = 0; place < 2; place++) {
      OptionalLong padding = blocks.only(add.input(place));
      Optional<OnnxNode> mul = uncast(add.input(1 - place)).filter(node -> node.is("Mul"));
      if (padding.isPresent()
          && padding.getAsLong() >= 0
          && padding.getAsLong() < MOST_SKIPPED
          && mul.isPresent()
          && isCountOfTokens(mul.get(), padding.getAsLong())) {
        return OptionalLong.of(padding.getAsLong() + 1);
      }
    }
    return OptionalLong.empty();
  }

  private boolean isCountOfTokens(OnnxNode mul, long padding) {
    for (int place = 0; place < 2; place++) {
      Optional<OnnxNode> sum = countBehind(mul.input(place));
      if (sum.isPresent()
          && blocks.isOnly(sum.get().input(1), 1)
          && isToken(sum.get().input(0), padding)
          && isToken(mul.input(1 - place), padding)) {
        return true;
      }
    }
    return false;
  }

  /** The count, to which exporters add how many tokens came before: none. */
  private Optional<OnnxNode> countBehind(String value) {
    Optional<OnnxNode> node = uncast(value);
    if (node.isPresent() && node.get().is("Add") && blocks.isOnly(node.get().input(1), 0)) {
      node = uncast(node.get().input(0));
    }
    return node.filter(sum -> sum.is("CumSum"));
  }

  /** {@code ids != padding} as a number. */
  private boolean isToken(String value, long padding) {
    return uncast(value)
        .filter(not -> not.is("Not"))
        .flatMap(not -> uncast(not.input(0)))
        .filter(equal -> equal.is("Equal") && equal.inputs().contains("input_ids"))
        .filter(
            equal ->
                blocks.isOnly(equal.input(0), padding) || blocks.isOnly(equal.input(1), padding))
        .isPresent();
  }

  private Optional<OnnxNode> uncast(String value) {
    Optional<OnnxNode> node = blocks.graph().producer(value);
    while (node.isPresent() && node.get().is("Cast")) {
      node = blocks.graph().producer(node.get().input(0));
    }
    return node;
  }
}
