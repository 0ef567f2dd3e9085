// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.Attributes;
import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.onnx.ValueInfos;
import dev.sluice.models.spec.TextSpec.Pooling;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Lets one vector per text leave the graph instead of one per token. Which tokens count is read
 * from the input {@code attention_mask}: ones, and behind them zeros.
 */
final class PooledOutput {
  static final String NAME = "sentence_embedding";

  /** The oldest operators that it is put together from. */
  private static final long OLDEST_OPSET = 9;

  private static final List<String> TOKEN_VECTORS =
      List.of("last_hidden_state", "token_embeddings");
  private static final String MASK = "attention_mask";

  private final OnnxModel model;
  private final RewriteGoal goal;
  private final String tokens;
  private final DType type;
  private final Emit emit;

  private PooledOutput(OnnxModel model, RewriteGoal goal, ValueInfoProto tokens, DType type) {
    this.model = model;
    this.goal = goal;
    this.tokens = tokens.getName();
    this.type = type;
    this.emit = new Emit(model, "pooling");
  }

  /**
   * Pools the model's token vectors, or leaves the model as it is.
   *
   * @return why that cannot be done; empty when it is done
   * @throws EngineException when more components are wanted than there are
   */
  static Optional<String> put(OnnxModel model, RewriteGoal goal) throws EngineException {
    OnnxGraph graph = model.graph();
    Facts facts = Facts.of(model);
    Optional<ValueInfoProto> tokens = tokenVectors(graph, facts);
    if (tokens.isEmpty()) {
      return Optional.of("no output [batch, tokens, size]");
    }
    Optional<DType> type = ValueInfos.type(tokens.get());
    if (type.isEmpty() || (type.get() != DType.FP32 && type.get() != DType.FP16)) {
      return Optional.of("an output that is neither FP32 nor FP16");
    }
    if (goal.pooling() != Pooling.CLS && !graph.isInput(MASK)) {
      return Optional.of("no input " + MASK);
    }
    if (model.opset() < OLDEST_OPSET) {
      return Optional.of("operators of version " + model.opset());
    }
    new PooledOutput(model, goal, tokens.get(), type.get()).put(facts);
    return Optional.empty();
  }

  /** As the embedder chooses it among the outputs. */
  private static Optional<ValueInfoProto> tokenVectors(OnnxGraph graph, Facts facts) {
    List<ValueInfoProto> fit =
        graph.outputs().stream().filter(output -> isPerToken(output, facts)).toList();
    for (String name : TOKEN_VECTORS) {
      Optional<ValueInfoProto> named =
          fit.stream().filter(output -> output.getName().equals(name)).findFirst();
      if (named.isPresent()) {
        return named;
      }
    }
    return fit.stream().findFirst();
  }

  private static boolean isPerToken(ValueInfoProto output, Facts facts) {
    int stated = output.getType().getTensorType().getShape().getDimCount();
    return facts.shape(output.getName()).map(List::size).orElse(stated) == 3;
  }

  private void put(Facts facts) throws EngineException {
    Optional<Dim> width = facts.width(tokens);
    if (goal.dims() > 0
        && width.isPresent()
        && width.get() instanceof Dim.Known most
        && goal.dims() > most.value()) {
      throw new EngineException(
          "the model's vectors have %d components, not %d".formatted(most.value(), goal.dims()));
    }
    String vector =
        switch (goal.pooling()) {
          case MEAN -> mean();
          case CLS -> emit.gather(tokens, place(0), 1);
          case LAST_TOKEN -> last();
          case NONE -> throw new IllegalArgumentException("nothing is to be pooled");
        };
    if (goal.dims() > 0) {
      vector = emit.gather(vector, places(goal.dims()), 1);
    }
    String name = model.graph().fresh(NAME);
    model
        .graph()
        .add(
            goal.normalize()
                ? OnnxNode.standard(
                    "LpNormalization",
                    List.of(vector),
                    List.of(name),
                    Attributes.integer("axis", -1),
                    Attributes.integer("p", 2))
                : OnnxNode.standard("Identity", List.of(vector), List.of(name)));
    model.graph().setOutputs(List.of(info(name, width)));
    model.graph().removeDead();
  }

  private ValueInfoProto info(String name, Optional<Dim> width) {
    Object size = goal.dims() > 0 ? (Object) (long) goal.dims() : "size";
    if (goal.dims() == 0 && width.isPresent() && width.get() instanceof Dim.Known known) {
      size = known.value();
    }
    return ValueInfos.tensor(name, type, "batch_size", size);
  }

  private String mean() {
    String weights = emit.cast(MASK, type);
    String sum = weighted(weights);
    // A text without tokens has the sum 0, and the mean 0.
    String count = emit.node("Max", emit.reduceSum(weights, 1), one());
    return emit.node("Div", sum, count);
  }

  /** The place of the last token is one less than how many there are. */
  private String last() {
    String length = emit.squeeze(emit.reduceSum(emit.cast(MASK, DType.INT64), 1), 1);
    String place = emit.node("Sub", length, emit.longs(1));
    String width =
        emit.gather(emit.node("Shape", tokens), TensorValues.ofLongs(new long[] {1}, 1), 0);
    String zeroAndOne = emit.constant(TensorValues.ofFloats(new long[] {2}, 0, 1));
    String picked = emit.node("OneHot", place, width, zeroAndOne);
    return weighted(type == DType.FP32 ? picked : emit.cast(picked, type));
  }

  /** [B, S] times [B, S, H] along the tokens. */
  private String weighted(String weights) {
    return emit.squeeze(emit.node("MatMul", emit.unsqueeze(weights, 1), tokens), 1);
  }

  private String one() {
    String one = emit.constant(TensorValues.ofFloats(new long[] {1}, 1));
    return type == DType.FP32 ? one : emit.cast(one, type);
  }

  private static Tensor place(long place) {
    return TensorValues.ofLongs(new long[0], place);
  }

  private static Tensor places(long to) {
    return TensorValues.ofLongs(new long[] {to}, LongStream.range(0, to).toArray());
  }
}
