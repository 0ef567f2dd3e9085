// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.models.cuda.Blocks.Linear;
import dev.sluice.models.cuda.Blocks.Norm;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import java.util.List;

/** One block of an encoder: attention and feed-forward, a LayerNorm behind each. */
record LayerBlock(
    Attended attention, Linear attended, Norm attentionNorm, Linear up, Linear down, Norm norm) {

  /**
   * The block that gives a value.
   *
   * @throws EngineException naming the node that does not fit
   */
  static LayerBlock find(Blocks blocks, Norm norm) throws EngineException {
    Linear down = blocks.linear(product(blocks, norm));
    OnnxNode gelu = blocks.maker(down.x(), "GELU");
    if (!Blocks.isGelu(gelu)) {
      throw Blocks.unknown(gelu, "is no GELU by the error function");
    }
    Linear up = blocks.linear(gelu.input(0));
    requireResidual(norm, up.x());
    Norm middle = blocks.norm(up.x());
    Linear attended = blocks.linear(product(blocks, middle));
    Attended attention = Attended.find(blocks, attended.x());
    requireResidual(middle, attention.x());
    return new LayerBlock(attention, attended, middle, up, down, norm);
  }

  /** The summand that is a product; the other is the residual. */
  private static String product(Blocks blocks, Norm norm) {
    return blocks.isLinear(norm.left()) ? norm.left() : norm.right();
  }

  private static void requireResidual(Norm norm, String given) throws EngineException {
    if (norm.beside(given).isEmpty()) {
      throw Blocks.unknown(norm.node(), "does not add what its block was given");
    }
  }

  /** What the block is given. */
  String input() {
    return attention.x();
  }

  List<Norm> norms() {
    return List.of(attentionNorm, norm);
  }

  /** That it is of such sizes; one block that differs could be run by no encoder. */
  void requireSizes(int hidden, int wide, int heads) throws EngineException {
    requireSize(attention.query(), hidden, hidden);
    requireSize(attention.key(), hidden, hidden);
    requireSize(attention.value(), hidden, hidden);
    requireSize(attended, hidden, hidden);
    requireSize(up, hidden, wide);
    requireSize(down, wide, hidden);
    if (attention.heads() != heads) {
      throw Blocks.differs(attention.node(), "heads", attention.heads(), heads);
    }
  }

  private void requireSize(Linear linear, int inputs, int outputs) throws EngineException {
    if (linear.inputs() != inputs || linear.outputs() != outputs) {
      throw Blocks.unknown(
          norm.node(),
          "ends a block with a product of %d to %d, not %d to %d"
              .formatted(linear.inputs(), linear.outputs(), inputs, outputs));
    }
  }

  EncoderWeights.Layer read() {
    return new EncoderWeights.Layer(
        attention.read(),
        attended.read(),
        attentionNorm.read(),
        up.read(),
        down.read(),
        norm.read());
  }
}
