// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxNode;
import java.util.List;
import java.util.Optional;

/**
 * {@code softmax(scale q kᵀ + bias + mask) v} with the heads taken apart before and put together
 * again behind.
 *
 * @param query [B, S, H], as key and value
 * @param heads into which H falls
 * @param filler what is added where the mask is 0; empty when there is no mask
 * @param bias [1 or B, heads, S, S], or empty
 */
record AttentionBlock(
    String query,
    String key,
    String value,
    long heads,
    float scale,
    Optional<Float> filler,
    String bias) {

  private static final List<Long> TO_HEADS = List.of(0L, 2L, 1L, 3L);
  private static final List<Long> TO_HEADS_TURNED = List.of(0L, 2L, 3L, 1L);
  private static final List<Long> TURNED = List.of(0L, 1L, 3L, 2L);

  /** Since then, a softmax that names no axis is over the last. */
  private static final long LAST_AXIS_IS_USUAL = 13;

  /** More than any score, so that what is added to it no longer counts. */
  private static final float FAR_BELOW = -1e4f;

  /** Did not fit; the message says what. */
  static final class MismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
      super(message, null, false, false);
    }
  }

  private record Heads(String value, long count) {}

  private record Scaled(String value, float factor) {}

  private record Scores(String products, Optional<Float> filler, String bias) {}

  /** Looks for blocks in one state of one graph. */
  record Finder(OnnxGraph graph, Facts facts, PaddingMasks masks) {

    /**
     * @param softmax in the middle of the block
     * @param result [B, S, H], the value behind the block
     */
    AttentionBlock find(OnnxNode softmax, OnnxNode result) throws MismatchException {
      long axis = softmax.integer("axis", facts.opset() < LAST_AXIS_IS_USUAL ? 1 : -1);
      if (axis != -1 && axis != 3) {
        throw new MismatchException("its softmax is over the axis " + axis);
      }
      OnnxNode context = maker(maker(result.input(0), "Transpose").input(0), "MatMul");
      requirePerm(maker(result.input(0), "Transpose"), TO_HEADS);
      Heads value = heads(context.input(1), TO_HEADS);
      Scores scores = scores(softmax.input(0));
      Scaled whole = scaled(scores.products());
      OnnxNode products = maker(whole.value(), "MatMul");
      Scaled left = scaled(products.input(0));
      Scaled right = scaled(products.input(1));
      Heads query = heads(left.value(), TO_HEADS);
      Heads key = turnedHeads(right.value());
      boolean alike = query.count() == key.count() && query.count() == value.count();
      if (!alike || !facts.sameShape(query.value(), result.output(0))) {
        throw new MismatchException("its heads differ");
      }
      return new AttentionBlock(
          query.value(),
          key.value(),
          value.value(),
          query.count(),
          whole.factor() * left.factor() * right.factor(),
          scores.filler(),
          scores.bias());
    }

    private OnnxNode maker(String value, String op) throws MismatchException {
      return graph
          .producer(value)
          .filter(node -> node.is(op))
          .orElseThrow(() -> new MismatchException("no " + op + " makes " + value));
    }

    private void requirePerm(OnnxNode transpose, List<Long> perm) throws MismatchException {
      if (!transpose.integers("perm").equals(perm)) {
        throw new MismatchException("axes are turned around at " + transpose.output(0));
      }
    }

    private Heads heads(String value, List<Long> perm) throws MismatchException {
      OnnxNode transpose = maker(value, "Transpose");
      requirePerm(transpose, perm);
      OnnxNode reshape = maker(transpose.input(0), "Reshape");
      Optional<List<Dim>> before = facts.shape(reshape.input(0)).filter(s -> s.size() == 3);
      Optional<List<Dim>> after = facts.shape(reshape.output(0)).filter(s -> s.size() == 4);
      boolean split =
          before.isPresent()
              && after.isPresent()
              && before.get().subList(0, 2).equals(after.get().subList(0, 2));
      if (split && after.get().get(2) instanceof Dim.Known count) {
        return new Heads(reshape.input(0), count.value());
      }
      throw new MismatchException("heads of an unknown number at " + reshape.output(0));
    }

    private Heads turnedHeads(String value) throws MismatchException {
      OnnxNode transpose = maker(value, "Transpose");
      return transpose.integers("perm").equals(TURNED)
          ? heads(transpose.input(0), TO_HEADS)
          : heads(value, TO_HEADS_TURNED);
    }

    /** A value without the number that it is multiplied with or divided by. */
    private Scaled scaled(String value) {
      Optional<OnnxNode> node = graph.producer(value).filter(n -> n.is("Mul") || n.is("Div"));
      for (int place = 0; node.isPresent() && place < 2; place++) {
        Optional<float[]> number = facts.floats(node.get().input(place), 1);
        boolean divided = node.get().is("Div");
        if (number.isPresent() && number.get().length == 1 && !(divided && place == 0)) {
          float factor = divided ? 1 / number.get()[0] : number.get()[0];
          Scaled inner = scaled(node.get().input(1 - place));
          return new Scaled(inner.value(), factor * inner.factor());
        }
      }
      return new Scaled(value, 1);
    }

    /** Takes the mask and a bias off. */
    private Scores scores(String value) throws MismatchException {
      OnnxNode node = graph.producer(value).orElseThrow(() -> new MismatchException("no scores"));
      if (node.is("Where")) {
        return filled(node);
      }
      if (!node.is("Add")) {
        return new Scores(value, Optional.empty(), "");
      }
      for (int place = 0; place < 2; place++) {
        Optional<PaddingMasks.Image> image = masks.of(node.input(place));
        if (image.isPresent() && image.get().varies()) {
          if (image.get().one() != 0
              || !(image.get().zero() <= FAR_BELOW)
              || !wide(node.input(place))) {
            break;
          }
          Scores rest = scores(node.input(1 - place));
          if (rest.filler().isPresent()) {
            throw new MismatchException("it is masked twice");
          }
          return new Scores(rest.products(), Optional.of(image.get().zero()), rest.bias());
        }
      }
      return biased(node);
    }

    private Scores biased(OnnxNode add) throws MismatchException {
      for (int place = 0; place < 2; place++) {
        String rest = add.input(1 - place);
        boolean product =
            graph.producer(scaled(rest).value()).filter(n -> n.is("MatMul")).isPresent();
        if (product && isBias(add.input(place), facts.shape(rest))) {
          return new Scores(rest, Optional.empty(), add.input(place));
        }
      }
      throw new MismatchException("its mask at " + add.output(0) + " has no form that is known");
    }

    private boolean isBias(String value, Optional<List<Dim>> scores) {
      Optional<List<Dim>> shape = facts.shape(value).filter(dims -> dims.size() == 4);
      return shape.isPresent()
          && scores.isPresent()
          && shape.get().subList(1, 4).equals(scores.get().subList(1, 4))
          && (shape.get().getFirst().is(1)
              || shape.get().getFirst().equals(scores.get().getFirst()));
    }

    private Scores filled(OnnxNode where) throws MismatchException {
      Optional<PaddingMasks.Image> condition = masks.of(where.input(0));
      boolean known = condition.isPresent() && condition.get().varies() && wide(where.input(0));
      int filled = known && condition.get().zero() != 0 ? 1 : 2;
      Optional<float[]> filler = facts.floats(where.input(filled), 1);
      if (known
          && (condition.get().zero() != 0) != (condition.get().one() != 0)
          && filler.isPresent()
          && filler.get()[0] <= FAR_BELOW) {
        return new Scores(where.input(3 - filled), Optional.of(filler.get()[0]), "");
      }
      throw new MismatchException("its mask at " + where.output(0) + " has no form that is known");
    }

    /** Over four axes, so that the batch is where the scores have it. */
    private boolean wide(String mask) {
      return facts.shape(mask).filter(dims -> dims.size() == 4).isPresent();
    }
  }
}
