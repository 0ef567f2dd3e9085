// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sluice.proto.onnx.TensorProto.DataType;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether an ONNX file labels texts, by what it takes and gives alone: so that a model which is
 * served over its tensors has the same ones on Sluice's own engine. Nodes and weights are passed
 * over.
 */
final class LabelsFile {
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

  // Field numbers of the format.
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;

  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final List<ValueInfoProto> outputs = new ArrayList<>();

  private LabelsFile() {}

  /** INT64 {@code [batch, tokens]} in, one FP32 {@code logits [batch, labels]} out; else false. */
  static boolean is(Path file) {
    LabelsFile found = new LabelsFile();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      found.model(CodedInputStream.newInstance(in));
    } catch (IOException e) {
      // Whoever loads it says what is wrong with it.
      return false;
    }
    return found.labels();
  }

  private void model(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, MODEL_GRAPH)) {
        int outer = in.pushLimit(in.readRawVarint32());
        graph(in);
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
  }

  private void graph(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, GRAPH_INPUT)) {
        inputs.add(ValueInfoProto.parseFrom(in.readByteArray()));
      } else if (isMessage(tag, GRAPH_OUTPUT)) {
        outputs.add(ValueInfoProto.parseFrom(in.readByteArray()));
      } else {
        in.skipField(tag);
      }
    }
  }

  private static boolean isMessage(int tag, int field) {
    return tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private boolean labels() {
    List<String> names = inputs.stream().map(ValueInfoProto::getName).toList();
    return INPUTS.containsAll(names)
        && names.containsAll(List.of("input_ids", "attention_mask"))
        && inputs.stream().allMatch(input -> is(input, DataType.INT64_VALUE, true))
        && outputs.size() == 1
        && outputs.getFirst().getName().equals("logits")
        && is(outputs.getFirst(), DataType.FLOAT_VALUE, false);
  }

  /** Of two dimensions, of which the first varies. */
  private static boolean is(ValueInfoProto value, int type, boolean secondVaries) {
    TypeProto.Tensor tensor = value.getType().getTensorType();
    TensorShapeProto shape = tensor.getShape();
    return tensor.getElemType() == type
        && shape.getDimCount() == 2
        && shape.getDim(0).getDimValue() <= 0
        && shape.getDim(1).getDimValue() <= 0 == secondVaries;
  }
}
