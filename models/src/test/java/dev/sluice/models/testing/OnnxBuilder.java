// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import com.google.protobuf.ByteString;
import dev.sluice.models.tensor.BytesTensors;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.OperatorSetIdProto;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Puts an ONNX file together, node by node. Not safe for threads. */
public final class OnnxBuilder {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int ML_OPSET = 2;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private long opset = OPSET;

  /** The version of the standard operators; 17 unless said otherwise. */
  public OnnxBuilder opset(long version) {
    opset = version;
    return this;
  }

  /** A size of -1 may vary; the first such axis is called N. */
  public OnnxBuilder input(String name, DType type, long... dims) {
    graph.addInput(value(name, tensorType(type, dims)));
    return this;
  }

  public OnnxBuilder output(String name, DType type, long... dims) {
    graph.addOutput(value(name, tensorType(type, dims)));
    return this;
  }

  public OnnxBuilder output(String name, TypeProto type) {
    graph.addOutput(value(name, type));
    return this;
  }

  public OnnxBuilder constant(String name, Tensor tensor) {
    TensorProto.Builder proto =
        TensorProto.newBuilder().setName(name).setDataType(code(tensor.type()));
    Arrays.stream(tensor.shape()).forEach(proto::addDims);
    if (tensor.type() == DType.BYTES) {
      for (byte[] element : BytesTensors.read(tensor)) {
        proto.addStringData(ByteString.copyFrom(element));
      }
    } else {
      proto.setRawData(ByteString.copyFrom(tensor.data()));
    }
    graph.addInitializer(proto);
    return this;
  }

  public OnnxBuilder node(
      String op, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    return node("", op, inputs, outputs, attributes);
  }

  /** A node of the {@code ai.onnx.ml} operators. */
  public OnnxBuilder mlNode(
      String op, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    return node("ai.onnx.ml", op, inputs, outputs, attributes);
  }

  private OnnxBuilder node(
      String domain,
      String op,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setDomain(domain)
            .setOpType(op)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  public static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  public static AttributeProto floats(String name, double... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
    Arrays.stream(values).forEach(value -> attribute.addFloats((float) value));
    return attribute.build();
  }

  public static AttributeProto strings(String name, String... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.STRINGS);
    Arrays.stream(values).map(ByteString::copyFromUtf8).forEach(attribute::addStrings);
    return attribute.build();
  }

  public static AttributeProto string(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** The type of what ZipMap makes: a list of maps from class to score. */
  public static TypeProto classMaps(DType key) {
    TypeProto score =
        TypeProto.newBuilder()
            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(code(DType.FP32)))
            .build();
    TypeProto map =
        TypeProto.newBuilder()
            .setMapType(TypeProto.Map.newBuilder().setKeyType(code(key)).setValueType(score))
            .build();
    return TypeProto.newBuilder()
        .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(map))
        .build();
  }

  public ModelProto build() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("sluice-tests")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
        .addOpsetImport(
            OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(ML_OPSET))
        .setGraph(graph)
        .build();
  }

  public Path write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      return Files.write(file, build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int code(DType type) {
    return switch (type) {
      case BOOL -> TensorProto.DataType.BOOL_VALUE;
      case UINT8 -> TensorProto.DataType.UINT8_VALUE;
      case UINT16 -> TensorProto.DataType.UINT16_VALUE;
      case UINT32 -> TensorProto.DataType.UINT32_VALUE;
      case UINT64 -> TensorProto.DataType.UINT64_VALUE;
      case INT8 -> TensorProto.DataType.INT8_VALUE;
      case INT16 -> TensorProto.DataType.INT16_VALUE;
      case INT32 -> TensorProto.DataType.INT32_VALUE;
      case INT64 -> TensorProto.DataType.INT64_VALUE;
      case FP16 -> TensorProto.DataType.FLOAT16_VALUE;
      case FP32 -> TensorProto.DataType.FLOAT_VALUE;
      case FP64 -> TensorProto.DataType.DOUBLE_VALUE;
      case BF16 -> TensorProto.DataType.BFLOAT16_VALUE;
      case BYTES -> TensorProto.DataType.STRING_VALUE;
    };
  }

  private static TypeProto tensorType(DType type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < dims.length; axis++) {
      TensorShapeProto.Dimension.Builder dim = shape.addDimBuilder();
      if (dims[axis] >= 0) {
        dim.setDimValue(dims[axis]);
      } else {
        dim.setDimParam(axis == 0 ? "N" : "D" + axis);
      }
    }
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(code(type)).setShape(shape))
        .build();
  }

  private static ValueInfoProto value(String name, TypeProto type) {
    return ValueInfoProto.newBuilder().setName(name).setType(type).build();
  }
}
