// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import com.google.protobuf.InvalidProtocolBufferException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes the ZipMap nodes out of a classifier, so that its scores come as one tensor [N, classes]
 * under the same output name, a column per class in the order of the node's class labels.
 *
 * <p>The maps could be read after each run instead, but not well: ONNX Runtime gives them as hash
 * maps, whose order is not that of the classes, in one native object per row.
 */
final class ZipMaps {
  /** The oldest operators of the standard set that every supported file version may import. */
  private static final int OLD_OPSET = 9;

  private ZipMaps() {}

  static byte[] remove(Path file) throws EngineException {
    try (var in = Files.newInputStream(file)) {
      return remove(ModelProto.parseFrom(in)).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException("the file is not an ONNX model", e);
    } catch (IOException e) {
      throw new EngineException("the file cannot be read: " + Failures.describe(e), e);
    }
  }

  static ModelProto remove(ModelProto model) {
    ModelProto.Builder changed = model.toBuilder();
    GraphProto.Builder graph = changed.getGraphBuilder();
    Map<String, Integer> classes = new HashMap<>();
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      if (node.getOpType().equals("ZipMap") && node.getDomain().equals("ai.onnx.ml")) {
        classes.put(node.getOutput(0), classCount(node));
        node.setOpType("Identity").clearDomain().clearAttribute();
      }
    }
    for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
      Integer count = classes.get(output.getName());
      if (count != null) {
        output.setType(scores(count));
      }
    }
    if (model.getOpsetImportList().stream().noneMatch(ZipMaps::isStandard)) {
      changed.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OLD_OPSET));
    }
    return changed.build();
  }

  private static int classCount(NodeProto.Builder node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      switch (attribute.getName()) {
        case "classlabels_int64s" -> {
          return attribute.getIntsCount();
        }
        case "classlabels_strings" -> {
          return attribute.getStringsCount();
        }
        default -> {}
      }
    }
    return -1;
  }

  private static TypeProto scores(int classes) {
    TensorShapeProto.Dimension.Builder columns = TensorShapeProto.Dimension.newBuilder();
    if (classes > 0) {
      columns.setDimValue(classes);
    }
    return TypeProto.newBuilder()
        .setTensorType(
            TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(
                    TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                        .addDim(columns)))
        .build();
  }

  private static boolean isStandard(OperatorSetIdProto opset) {
    return opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx");
  }
}
