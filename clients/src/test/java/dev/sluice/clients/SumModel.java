// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.OperatorSetIdProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ONNX file with {@code sum = a + b}, float32 of [N, 2]. */
final class SumModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  private SumModel() {}

  static void write(Path file) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("sum")
            .addInput(pairs("a"))
            .addInput(pairs("b"))
            .addOutput(pairs("sum"))
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("Add")
                    .addInput("a")
                    .addInput("b")
                    .addOutput("sum"))
            .build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build();
    Files.write(file, model.toByteArray());
  }

  private static ValueInfoProto pairs(String name) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(2))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}
