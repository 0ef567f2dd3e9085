// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.FunctionProto;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.ModelProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.SparseTensorProto;
import dev.sluice.proto.onnx.TrainingInfoProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks an ONNX file as a stream and looks at every tensor in it, in nested graphs and attributes
 * too. Weights are skipped, not read, so that memory stays small whatever the file's size.
 */
final class OnnxWalk {
  private static final int MAX_OUTPUT_BYTES = 1 << 16;
  private static final int MAX_OUTPUTS = 10_000;

  private final OnnxCursor cursor;
  private final ExternalData external;
  private final List<ValueInfoProto> outputs = new ArrayList<>();
  private boolean graphSeen;

  OnnxWalk(OnnxCursor cursor, ExternalData external) {
    this.cursor = cursor;
    this.external = external;
  }

  OnnxFacts model() throws IOException, RefusedException {
    cursor.fields(
        number -> {
          switch (number) {
            case ModelProto.GRAPH_FIELD_NUMBER -> {
              graphSeen = true;
              cursor.message(this::mainGraph);
            }
            case ModelProto.TRAINING_INFO_FIELD_NUMBER -> cursor.message(this::training);
            case ModelProto.FUNCTIONS_FIELD_NUMBER -> cursor.message(this::function);
            default -> cursor.skip();
          }
        });
    if (!graphSeen) {
      throw new RefusedException("it has no graph");
    }
    if (outputs.isEmpty()) {
      throw new RefusedException("its graph has no outputs");
    }
    return new OnnxFacts(outputs);
  }

  private void mainGraph(int number) throws IOException, RefusedException {
    if (number != GraphProto.OUTPUT_FIELD_NUMBER) {
      graph(number);
      return;
    }
    if (outputs.size() >= MAX_OUTPUTS) {
      throw new RefusedException("its graph has more than " + MAX_OUTPUTS + " outputs");
    }
    outputs.add(ValueInfoProto.parseFrom(cursor.bytes(MAX_OUTPUT_BYTES)));
  }

  private void graph(int number) throws IOException, RefusedException {
    switch (number) {
      case GraphProto.NODE_FIELD_NUMBER -> cursor.message(this::node);
      case GraphProto.INITIALIZER_FIELD_NUMBER -> tensor();
      case GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER -> cursor.message(this::sparse);
      default -> cursor.skip();
    }
  }

  private void training(int number) throws IOException, RefusedException {
    switch (number) {
      case TrainingInfoProto.INITIALIZATION_FIELD_NUMBER,
          TrainingInfoProto.ALGORITHM_FIELD_NUMBER ->
          cursor.message(this::graph);
      default -> cursor.skip();
    }
  }

  private void function(int number) throws IOException, RefusedException {
    switch (number) {
      case FunctionProto.NODE_FIELD_NUMBER -> cursor.message(this::node);
      case FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER -> cursor.message(this::attribute);
      default -> cursor.skip();
    }
  }

  private void node(int number) throws IOException, RefusedException {
    if (number == NodeProto.ATTRIBUTE_FIELD_NUMBER) {
      cursor.message(this::attribute);
    } else {
      cursor.skip();
    }
  }

  private void attribute(int number) throws IOException, RefusedException {
    switch (number) {
      case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER -> tensor();
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER ->
          cursor.message(this::graph);
      case AttributeProto.SPARSE_TENSOR_FIELD_NUMBER, AttributeProto.SPARSE_TENSORS_FIELD_NUMBER ->
          cursor.message(this::sparse);
      default -> cursor.skip();
    }
  }

  private void sparse(int number) throws IOException, RefusedException {
    switch (number) {
      case SparseTensorProto.VALUES_FIELD_NUMBER, SparseTensorProto.INDICES_FIELD_NUMBER ->
          tensor();
      default -> cursor.skip();
    }
  }

  private void tensor() throws IOException, RefusedException {
    OnnxTensorHead head = new OnnxTensorHead(cursor);
    cursor.message(head);
    if (head.isExternal()) {
      external.check(head.tensor());
    }
  }
}
