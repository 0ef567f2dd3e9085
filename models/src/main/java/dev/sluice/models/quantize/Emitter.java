// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.onnx.Attributes.integer;
import static dev.sluice.models.onnx.Attributes.integers;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts INT8 nodes in the place of layers. The product is ONNX Runtime's MatMulIntegerToFloat of
 * UINT8 activations and INT8 weights, the pair of signs that is fast on x86. For one model and one
 * thread.
 */
final class Emitter {
  /** Steps from 0 to the largest magnitude of a token. */
  static final int TOKEN_STEPS = 127;

  /** The byte of zero in rows that are rounded one by one. */
  private static final int TOKEN_ZERO = 128;

  /** What a row of zeros is divided by. */
  private static final float LEAST_MAGNITUDE = 1e-30f;

  private static final int AXES_ARE_INPUTS = 18;

  private final OnnxGraph graph;
  private final NodeMaker make;
  private final long opset;
  private final WeightRange range;

  Emitter(OnnxModel model, WeightRange range) {
    this.graph = model.graph();
    this.make = new NodeMaker(graph);
    this.opset = model.opset();
    this.range = range;
  }

  /** A value in UINT8: its bytes, the size of a step, and the byte of zero. */
  private record InBytes(String bytes, String step, String zero) {}

  void apply(LayerGroup group, TensorPlan plan) {
    switch (plan) {
      case TensorPlan.Kept kept -> {}
      case TensorPlan.Fixed fixed -> fixed(group, fixed);
      case TensorPlan.PerToken token -> perToken(group, token);
      case TensorPlan.Dynamic dynamic -> dynamic(group);
    }
  }

  private void fixed(LayerGroup group, TensorPlan.Fixed plan) {
    String value = group.input();
    String smooth = smoothed(group, plan.smoothing());
    String step = make.scalar(value + "/step", plan.scale().step());
    String zero = make.byteScalar(value + "/zero", plan.scale().zero());
    String bytes = make.node("QuantizeLinear", value + "/u8", List.of(smooth, step, zero));
    InBytes quantized = new InBytes(bytes, step, zero);
    String beyond = plan.outliers().isNone() ? "" : beyond(value, smooth, plan);
    for (LinearLayer layer : group.layers()) {
      Matrix weights = plan.smoothing().weights(layer.weights());
      if (beyond.isEmpty()) {
        put(layer, product(layer, weights, 1, quantized, layer.output(), true));
      } else {
        String rows = layer.output() + "/outliers";
        String far = make.matrix(rows, weights.pickRows(plan.outliers().channels()));
        String rest = make.node("MatMul", layer.output() + "/beyond", List.of(beyond, far));
        OnnxNode product =
            product(layer, weights, 1, quantized, graph.fresh(layer.output() + "/within"), true);
        put(layer, product, add(product, rest, layer.output()));
      }
    }
  }

  /** What the outlier channels have beyond the ends of the scale. */
  private String beyond(String value, String smooth, TensorPlan.Fixed plan) {
    String channels = make.indices(value + "/channels", plan.outliers().channels());
    String picked =
        make.node("Gather", value + "/picked", List.of(smooth, channels), integer("axis", -1));
    String low = make.scalar(value + "/low", plan.scale().low());
    String high = make.scalar(value + "/high", plan.scale().high());
    String held = make.node("Clip", value + "/held", List.of(picked, low, high));
    return make.node("Sub", value + "/beyond", List.of(picked, held));
  }

  /**
   * Each row is divided by its largest magnitude, so that fixed steps fit it, and the product
   * multiplied by it. The product would multiply a bias, too, so that is added after it.
   */
  private void perToken(LayerGroup group, TensorPlan.PerToken plan) {
    String value = group.input();
    String smooth = smoothed(group, plan.smoothing());
    String magnitudes = make.node("Abs", value + "/abs", List.of(smooth));
    String least = make.scalar(value + "/least", LEAST_MAGNITUDE);
    String most = make.node("Max", value + "/most", List.of(largest(value, magnitudes), least));
    String unit = make.node("Div", value + "/unit", List.of(smooth, most));
    String step = make.scalar(value + "/step", 1f / TOKEN_STEPS);
    String zero = make.byteScalar(value + "/zero", TOKEN_ZERO);
    String bytes = make.node("QuantizeLinear", value + "/u8", List.of(unit, step, zero));
    InBytes quantized = new InBytes(bytes, most, zero);
    for (LinearLayer layer : group.layers()) {
      Matrix weights = plan.smoothing().weights(layer.weights());
      boolean bias = layer.bias().length > 0;
      String made = bias ? graph.fresh(layer.output() + "/product") : layer.output();
      OnnxNode product = product(layer, weights, 1f / TOKEN_STEPS, quantized, made, false);
      if (bias) {
        put(layer, product, add(product, bias(layer), layer.output()));
      } else {
        put(layer, product);
      }
    }
  }

  private String largest(String value, String magnitudes) {
    if (opset < AXES_ARE_INPUTS) {
      return make.node("ReduceMax", value + "/largest", List.of(magnitudes), integers("axes", -1));
    }
    String axes = graph.addConstant("axes", TensorValues.ofLongs(new long[] {1}, -1));
    return make.node("ReduceMax", value + "/largest", List.of(magnitudes, axes));
  }

  private void dynamic(LayerGroup group) {
    String value = group.input();
    InBytes quantized =
        new InBytes(
            graph.fresh(value + "/u8"), graph.fresh(value + "/step"), graph.fresh(value + "/zero"));
    graph.add(
        OnnxNode.standard(
            "DynamicQuantizeLinear",
            List.of(value),
            List.of(quantized.bytes(), quantized.step(), quantized.zero())));
    for (LinearLayer layer : group.layers()) {
      put(layer, product(layer, layer.weights(), 1, quantized, layer.output(), true));
    }
  }

  /**
   * @param factor what the product is multiplied by besides the steps
   */
  private OnnxNode product(
      LinearLayer layer,
      Matrix matrix,
      float factor,
      InBytes value,
      String result,
      boolean withBias) {
    QuantizedWeights weights = QuantizedWeights.of(matrix, range);
    List<String> inputs = new ArrayList<>();
    inputs.add(value.bytes());
    inputs.add(make.bytes(layer.output() + "/weights", weights, matrix));
    inputs.add(value.step());
    inputs.add(make.vector(layer.output() + "/scales", weights.scalesTimes(factor)));
    inputs.add(value.zero());
    if (withBias && layer.bias().length > 0) {
      String zeroOfWeights = "";
      inputs.add(zeroOfWeights);
      inputs.add(bias(layer));
    }
    return OnnxNode.microsoft("MatMulIntegerToFloat", inputs, List.of(result));
  }

  private String bias(LinearLayer layer) {
    return make.vector(layer.output() + "/bias", layer.bias());
  }

  private static OnnxNode add(OnnxNode product, String other, String result) {
    return OnnxNode.standard("Add", List.of(product.output(0), other), List.of(result));
  }

  /** The last of the nodes makes the sum. */
  private void put(LinearLayer layer, OnnxNode... nodes) {
    List<OnnxNode> all = new ArrayList<>(List.of(nodes));
    layer.rest().ifPresent(rest -> all.add(rest.after(layer.output())));
    graph.replace(layer.nodes(), all.toArray(OnnxNode[]::new));
  }

  /** The value with its channels smoothed: by what makes it where that can, else by a node more. */
  private String smoothed(LayerGroup group, Smoothing smoothing) {
    if (smoothing.isNone()) {
      return group.input();
    }
    if (Norms.canSmooth(graph, group)) {
      Norms.smooth(graph, group.input(), smoothing);
      return group.input();
    }
    String inverse = make.vector(group.input() + "/smoothing", smoothing.inverse());
    return make.node("Mul", group.input() + "/smooth", List.of(group.input(), inverse));
  }
}
