// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.models.onnx.OnnxNode;
import java.util.Optional;
import java.util.OptionalLong;

/** The ways in which exporters take the first token of each sequence. */
final class FirstToken {
  private FirstToken() {}

  /** The value {@code [B, S, H]} whose first tokens {@code [B, H]} this one is. */
  static Optional<String> of(Blocks blocks, String value) {
    Optional<OnnxNode> node = blocks.graph().producer(unsliced(blocks, value));
    Optional<OnnxNode> taken =
        node.filter(squeeze -> squeeze.is("Squeeze") && blocks.isAlong(squeeze, 1)).isPresent()
            ? node.flatMap(squeeze -> blocks.graph().producer(squeeze.input(0)))
                .filter(inner -> isFirst(blocks, inner, 1) || isSliceOfOne(blocks, inner))
            : node.filter(inner -> isFirst(blocks, inner, 0));
    return taken.map(inner -> unsliced(blocks, inner.input(0)));
  }

  /**
   * @param rank of the index; an index without brackets drops the axis
   */
  private static boolean isFirst(Blocks blocks, OnnxNode node, int rank) {
    return node.is("Gather")
        && node.integer("axis", 0) == 1
        && blocks.isOnly(node.input(1), 0)
        && blocks.graph().constant(node.input(1)).filter(index -> index.rank() == rank).isPresent();
  }

  private static boolean isSliceOfOne(Blocks blocks, OnnxNode node) {
    return node.is("Slice")
        && blocks.isOnly(node.input(1), 0)
        && blocks.isOnly(node.input(2), 1)
        && blocks.isOnly(node.input(3), 1)
        && (node.input(4).isEmpty() || blocks.isOnly(node.input(4), 1));
  }

  /** The value itself, or what slices that leave everything were given. */
  private static String unsliced(Blocks blocks, String value) {
    String whole = value;
    Optional<OnnxNode> node = blocks.graph().producer(whole);
    while (node.isPresent() && isWhole(blocks, node.get())) {
      whole = node.get().input(0);
      node = blocks.graph().producer(whole);
    }
    return whole;
  }

  private static boolean isWhole(Blocks blocks, OnnxNode node) {
    OptionalLong end = blocks.only(node.input(2));
    return node.is("Slice")
        && blocks.isOnly(node.input(1), 0)
        && end.isPresent()
        && end.getAsLong() >= Integer.MAX_VALUE
        && (node.input(4).isEmpty() || blocks.isOnly(node.input(4), 1));
  }
}
