// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.cuda;

import dev.sluice.kernels.encoder.EncoderWeights;
import dev.sluice.models.cuda.Blocks.Linear;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxNode;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Attention of a value to itself, as the rewriting fused it.
 *
 * @param x what queries, keys and values are products of
 */
record Attended(OnnxNode node, String x, int heads, Linear query, Linear key, Linear value) {
  private static final String MASK = "attention_mask";
  private static final double SCALE_TOLERANCE = 1e-5;

  static Attended find(Blocks blocks, String value) throws EngineException {
    OnnxNode node = blocks.maker(value, "attention");
    if (!node.isMicrosoft("MultiHeadAttention")) {
      throw Blocks.unknown(node, "is no attention that is known");
    }
    for (int place = 3; place < node.inputs().size(); place++) {
      if (place != 4 && !node.input(place).isEmpty()) {
        throw Blocks.unknown(node, "adds something to its scores");
      }
    }
    boolean masked =
        blocks
            .graph()
            .producer(node.input(4))
            .filter(cast -> cast.is("Cast") && cast.input(0).equals(MASK))
            .isPresent();
    if (!masked) {
      throw Blocks.unknown(node, "does not leave padding out by " + MASK);
    }
    Linear query = blocks.linear(node.input(0));
    Linear key = blocks.linear(node.input(1));
    Linear values = blocks.linear(node.input(2));
    if (!query.x().equals(key.x()) || !query.x().equals(values.x())) {
      throw Blocks.unknown(node, "attends to something else than itself");
    }
    Attended attended =
        new Attended(
            node, query.x(), Math.toIntExact(node.integer("num_heads", 1)), query, key, values);
    attended.requireScale();
    return attended;
  }

  private void requireScale() throws EngineException {
    double usual = 1 / Math.sqrt(query.outputs() / (double) heads);
    double scale = node.real("scale", 0);
    if (!(Math.abs(scale - usual) <= SCALE_TOLERANCE * usual)) {
      throw Blocks.differs(node, "the scale", scale, usual);
    }
  }

  /** The three as one product. */
  EncoderWeights.Linear read() {
    int hidden = query.outputs();
    FloatBuffer rows = FloatBuffer.allocate(Math.multiplyExact(3 * hidden, query.inputs()));
    FloatBuffer biases = FloatBuffer.allocate(3 * hidden);
    for (Linear part : List.of(query, key, value)) {
      part.write(rows, biases);
    }
    return new EncoderWeights.Linear(rows.flip(), biases.flip());
  }
}
