// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.bench.engine.Rate.Work;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.inference.ModelConfig;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.OperatorSetIdProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The most that this machine does: the rate of one matrix product with constant weights and nothing
 * around it, on every core at once. It is what the engine's kernels reach on matrices that suit
 * them, so it is below what the processor's data sheet allows.
 */
enum Peak {
  FP32("MatMul", DType.FP32, TensorProto.DataType.FLOAT, TensorProto.DataType.FLOAT, 13),
  /** Unsigned activations, signed weights: the pair that x86 processors multiply fastest. */
  INT8("MatMulInteger", DType.UINT8, TensorProto.DataType.INT8, TensorProto.DataType.INT32, 13);

  private static final int ROWS = 192;
  private static final int DEPTH = 1024;
  private static final int COLUMNS = 512;
  private static final int IR_VERSION = 7;

  private final String op;
  private final DType input;
  private final TensorProto.DataType weight;
  private final TensorProto.DataType output;
  private final int opset;

  Peak(
      String op, DType input, TensorProto.DataType weight, TensorProto.DataType output, int opset) {
    this.op = op;
    this.input = input;
    this.weight = weight;
    this.output = output;
    this.opset = opset;
  }

  /** Multiplications and additions of one product. */
  static double ops() {
    return 2.0 * ROWS * DEPTH * COLUMNS;
  }

  /**
   * A graph of one product.
   *
   * @param folder for its file
   */
  Graph load(Engines engines, Path folder) throws EngineException, IOException {
    Path file = Files.write(folder.resolve(op + ".onnx"), model().toByteArray());
    return engines.load(
        new ModelSpec(
            op,
            1,
            Task.TENSOR,
            EngineKind.ONNX_RUNTIME,
            folder,
            file,
            ModelConfig.newBuilder().setName(op).build(),
            null,
            ModelSettings.DEFAULT));
  }

  /** One thread's work: the product, again and again. */
  Work work(Graph graph) {
    return new Product(graph.newLane(), List.of(activations()));
  }

  private record Product(GraphLane lane, List<Tensor> inputs) implements Work {
    @Override
    public void once() throws EngineException {
      lane.run(inputs);
    }

    @Override
    public void close() {
      lane.close();
    }
  }

  private Tensor activations() {
    return new Tensor(
        input, new long[] {ROWS, DEPTH}, bytes(ROWS * DEPTH * input.byteSize(), input));
  }

  private ModelProto model() {
    DType stored = weight == TensorProto.DataType.FLOAT ? DType.FP32 : DType.INT8;
    TensorProto weights =
        TensorProto.newBuilder()
            .setName("weights")
            .addDims(DEPTH)
            .addDims(COLUMNS)
            .setDataType(weight.getNumber())
            .setRawData(ByteString.copyFrom(bytes(DEPTH * COLUMNS * stored.byteSize(), stored)))
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("product")
            .addInput(value("in", elementType(), ROWS, DEPTH))
            .addOutput(value("out", output, ROWS, COLUMNS))
            .addInitializer(weights)
            .addNode(
                NodeProto.newBuilder()
                    .setOpType(op)
                    .addInput("in")
                    .addInput("weights")
                    .addOutput("out"))
            .build();
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  private TensorProto.DataType elementType() {
    return input == DType.FP32 ? TensorProto.DataType.FLOAT : TensorProto.DataType.UINT8;
  }

  private static ValueInfoProto value(
      String name, TensorProto.DataType type, int rows, int columns) {
    TensorShapeProto shape =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(rows))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(columns))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape)))
        .build();
  }

  /** Numbers that are not all alike: some processors draw less power for zeros. */
  private static ByteBuffer bytes(int size, DType type) {
    SplittableRandom random = new SplittableRandom(1);
    ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      if (type == DType.FP32) {
        data.putFloat((float) random.nextDouble(-1, 1));
      } else {
        data.put((byte) random.nextInt());
      }
    }
    return data.flip();
  }
}
