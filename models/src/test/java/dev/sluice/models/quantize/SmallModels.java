// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import static dev.sluice.models.onnx.Attributes.real;
import static dev.sluice.models.testing.OnnxBuilder.integer;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Models with weights drawn at random, always the same ones. None is an encoder. */
final class SmallModels {
  static final int IN = 32;
  static final int HIDDEN = 64;

  private SmallModels() {}

  /** Of normal distribution around 0. */
  static float[] drawn(int seed, int count, double spread) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * spread);
    }
    return values;
  }

  static Tensor weights(int seed, int rows, int columns) {
    return Tensors.fp32(
        new long[] {rows, columns}, drawn(seed, rows * columns, 1 / Math.sqrt(rows)));
  }

  static Tensor vector(int seed, int count) {
    return Tensors.fp32(new long[] {count}, drawn(seed, count, 0.3));
  }

  /** x of any rows; MatMul and Add, Relu, and a Gemm that uses all it has. */
  static OnnxBuilder perceptron() {
    return new OnnxBuilder()
        .input("x", DType.FP32, -1, IN)
        .output("y", DType.FP32, -1, IN)
        .constant("w1", weights(1, IN, HIDDEN))
        .constant("b1", vector(2, HIDDEN))
        .constant("w2", weights(3, IN, HIDDEN))
        .constant("b2", vector(4, IN))
        .node("MatMul", List.of("x", "w1"), List.of("h"))
        .node("Add", List.of("b1", "h"), List.of("hb"))
        .node("Relu", List.of("hb"), List.of("r"))
        .node(
            "Gemm",
            List.of("r", "w2", "b2"),
            List.of("y"),
            integer("transB", 1),
            real("alpha", 0.5f),
            real("beta", 2));
  }

  static OnnxModel model(OnnxBuilder builder) throws EngineException {
    return OnnxModel.of(builder.build());
  }

  /** With these nodes moved to ONNX Runtime's own operators. */
  static OnnxModel withOwn(OnnxBuilder builder, String... ops) throws EngineException {
    ModelProto.Builder model = builder.build().toBuilder();
    for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
      if (List.of(ops).contains(node.getOpType())) {
        node.setDomain("com.microsoft");
      }
    }
    model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
    return OnnxModel.of(model.build());
  }

  /** Rows for {@link #perceptron}. */
  static Tensor rows(int seed, int count) {
    return Tensors.fp32(new long[] {count, IN}, drawn(seed, count * IN, 1));
  }

  static Calibration inputs(int runs) {
    List<List<Tensor>> inputs = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      inputs.add(List.of(rows(100 + i, 4)));
    }
    return Calibration.ofTensors(inputs);
  }
}
