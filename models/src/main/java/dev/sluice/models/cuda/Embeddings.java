// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.models.cuda.Blocks.Norm;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where an encoder begins: the sum of a word's, a position's and mostly a type's vector, and a
 * LayerNorm.
 *
 * @param skipped rows of the table of positions in front of the first token's
 * @param types empty where the model has none; a single row where every token is of the same type
 */
record Embeddings(Norm norm, Tensor words, Tensor positions, int skipped, Optional<Tensor> types) {
  private static final String IDS = "input_ids";
  private static final String TYPES = "token_type_ids";

  static Embeddings find(Blocks blocks, Norm norm) throws EngineException {
    Finder finder = new Finder(blocks, norm);
    for (String summand : List.of(norm.left(), norm.right())) {
      finder.take(summand);
    }
    return finder.found();
  }

  int hidden() {
    return Math.toIntExact(words.dim(1));
  }

  int wordCount() {
    return Math.toIntExact(words.dim(0));
  }

  int positionCount() {
    return Math.toIntExact(positions.dim(0)) - skipped;
  }

  int typeCount() {
    return types.map(table -> Math.toIntExact(table.dim(0))).orElse(0);
  }

  FloatBuffer readPositions() {
    return Blocks.floats(positions).position(skipped * hidden()).slice();
  }

  FloatBuffer readTypes() {
    return types.map(Blocks::floats).orElse(FloatBuffer.allocate(0));
  }

  /** Collects the summands. */
  private static final class Finder {
    private final Blocks blocks;
    private final Norm norm;
    private final PositionIds positionIds;
    private @Nullable Tensor words;
    private @Nullable Tensor positions;
    private @Nullable Tensor types;
    private int skipped;

    Finder(Blocks blocks, Norm norm) {
      this.blocks = blocks;
      this.norm = norm;
      this.positionIds = new PositionIds(blocks);
    }

    /** A sum is taken apart. */
    void take(String summand) throws EngineException {
      List<String> open = new ArrayList<>(List.of(summand));
      while (!open.isEmpty()) {
        OnnxNode node = blocks.maker(open.removeLast(), "a table of vectors");
        if (node.is("Add")) {
          open.addAll(node.inputs());
        } else {
          takeTable(node);
        }
      }
    }

    private void takeTable(OnnxNode gather) throws EngineException {
      Optional<Tensor> table = blocks.constant(gather.input(0)).filter(t -> t.rank() == 2);
      if (!gather.is("Gather") || gather.integer("axis", 0) != 0 || table.isEmpty()) {
        throw Blocks.unknown(gather, "takes no rows of a constant table");
      }
      String ids = gather.input(1);
      OptionalLong same = ConstantIds.of(blocks, ids);
      if (ids.equals(IDS) && words == null) {
        words = table.get();
      } else if (ids.equals(TYPES) && types == null) {
        types = table.get();
      } else if (same.isPresent() && types == null) {
        types = row(gather, table.get(), same.getAsLong());
      } else if (positions == null) {
        positions = table.get();
        skipped = positionIds.first(ids, gather);
      } else {
        throw Blocks.unknown(gather, "is one table of vectors too many");
      }
    }

    private static Tensor row(OnnxNode gather, Tensor table, long row) throws EngineException {
      if (row < 0 || row >= table.dim(0)) {
        throw Blocks.unknown(gather, "takes row %d of %d".formatted(row, table.dim(0)));
      }
      int width = Math.toIntExact(table.dim(1));
      int from = Math.multiplyExact(Math.toIntExact(row), width);
      return TensorValues.ofFloats(
          new long[] {1, width},
          Arrays.copyOfRange(TensorValues.floats(table), from, from + width));
    }

    Embeddings found() throws EngineException {
      Tensor ofWords = words;
      Tensor ofPositions = positions;
      if (ofWords == null || ofPositions == null) {
        throw Blocks.unknown(norm.node(), "is over no sum of words and positions");
      }
      long hidden = ofWords.dim(1);
      boolean alike =
          ofPositions.dim(1) == hidden
              && ofPositions.dim(0) > skipped
              && (types == null || types.dim(1) == hidden);
      if (!alike) {
        throw Blocks.unknown(norm.node(), "is over tables of different widths");
      }
      return new Embeddings(norm, ofWords, ofPositions, skipped, Optional.ofNullable(types));
    }
  }
}
