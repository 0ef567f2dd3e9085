// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.onnx.OnnxGraph;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.onnx.OnnxNode;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.TensorShapeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What is known of the values of a graph before it runs: shapes, and the contents of small integer
 * tensors, in which exporters compute shapes. What is not listed is not known. Follows the rules of
 * the operators, never what a file states of its inner values, which may be wrong.
 */
final class Facts {
  /** Longer tensors hold no shapes. */
  static final int MAX_CONTENTS = 64;

  static final int MAX_RANK = 16;

  private final OnnxGraph graph;
  private final long opset;
  private final Map<String, List<Dim>> shapes = new HashMap<>();
  private final Map<String, List<Dim>> contents = new HashMap<>();
  private int unknown;

  private Facts(OnnxModel model) {
    this.graph = model.graph();
    this.opset = model.opset();
  }

  /** As the graph is now. Values that keep their names through a rewrite keep their facts. */
  static Facts of(OnnxModel model) {
    Facts facts = new Facts(model);
    model.graph().inputs().forEach(facts::input);
    for (OnnxNode node : model.graph().nodes()) {
      if (node.domain().isEmpty() || node.domain().equals(OnnxNode.MICROSOFT)) {
        ShapeRules.infer(node, facts);
        ContentRules.infer(node, facts);
      }
    }
    return facts;
  }

  private void input(ValueInfoProto input) {
    if (!input.getType().getTensorType().hasShape()) {
      return;
    }
    List<Dim> dims = new ArrayList<>();
    for (TensorShapeProto.Dimension dim : input.getType().getTensorType().getShape().getDimList()) {
      if (dim.hasDimValue() && dim.getDimValue() >= 0) {
        dims.add(Dim.of(dim.getDimValue()));
      } else if (!dim.getDimParam().isEmpty()) {
        dims.add(new Dim.Symbol(dim.getDimParam()));
      } else {
        dims.add(fresh());
      }
    }
    shape(input.getName(), dims);
  }

  long opset() {
    return opset;
  }

  /** A size of which nothing is known but that it is one. */
  Dim fresh() {
    return new Dim.Symbol("?" + ++unknown);
  }

  Optional<List<Dim>> shape(String value) {
    return Optional.ofNullable(shapes.get(value)).or(() -> graph.constant(value).map(Facts::dims));
  }

  private static List<Dim> dims(Tensor tensor) {
    return Arrays.stream(tensor.shape()).mapToObj(Dim::of).toList();
  }

  void shape(String value, List<Dim> dims) {
    if (!value.isEmpty() && dims.size() <= MAX_RANK) {
      shapes.put(value, List.copyOf(dims));
    }
  }

  /** The elements of an INT64 tensor of rank 0 or 1; its shape is known too. */
  Optional<List<Dim>> contents(String value) {
    return Optional.ofNullable(contents.get(value))
        .or(() -> graph.constant(value).flatMap(Facts::elements));
  }

  private static Optional<List<Dim>> elements(Tensor tensor) {
    boolean small = tensor.rank() <= 1 && tensor.elements() <= MAX_CONTENTS;
    if (!small || tensor.type() != DType.INT64) {
      return Optional.empty();
    }
    return Optional.of(LongStream.of(TensorValues.longs(tensor)).mapToObj(Dim::of).toList());
  }

  void contents(String value, List<Dim> elements, boolean scalar) {
    if (!value.isEmpty() && elements.size() <= MAX_CONTENTS) {
      contents.put(value, List.copyOf(elements));
      shape(value, scalar ? List.of() : List.of(Dim.of(elements.size())));
    }
  }

  /** The elements of an INT64 tensor of rank 0 or 1; empty when any is not known. */
  Optional<long[]> integers(String value) {
    return contents(value)
        .filter(all -> all.stream().allMatch(Dim.Known.class::isInstance))
        .map(all -> all.stream().mapToLong(dim -> ((Dim.Known) dim).value()).toArray());
  }

  /** The elements of a float constant, for shapes of at most that many elements. */
  Optional<float[]> floats(String value, int most) {
    return graph
        .constant(value)
        .filter(t -> t.elements() <= most)
        .filter(Facts::isFloat)
        .map(TensorValues::floats);
  }

  private static boolean isFloat(Tensor tensor) {
    return switch (tensor.type()) {
      case FP32, FP16, BF16 -> true;
      default -> false;
    };
  }

  /** The axes of a node that names them in an attribute or, in newer versions, by its input. */
  Optional<long[]> axes(OnnxNode node, int place) {
    if (node.attribute("axes").isPresent()) {
      return Optional.of(node.integers("axes").stream().mapToLong(Long::longValue).toArray());
    }
    return node.input(place).isEmpty() ? Optional.empty() : integers(node.input(place));
  }

  Optional<Tensor> constant(String value) {
    return graph.constant(value);
  }

  Optional<OnnxNode> producer(String value) {
    return graph.producer(value);
  }

  /** Whether it is a float constant of one axis. */
  boolean isVector(String value) {
    return constant(value).filter(t -> t.rank() == 1 && isFloat(t)).isPresent();
  }

  /** The size of the last axis. */
  Optional<Dim> width(String value) {
    return shape(value).filter(dims -> !dims.isEmpty()).map(List::getLast);
  }

  /** Whether all are known to have one size along their last axes. */
  boolean sameWidth(String value, String... others) {
    Optional<Dim> width = width(value);
    return width.isPresent() && Stream.of(others).allMatch(other -> width(other).equals(width));
  }

  /** Whether both are known to have one and the same shape in every run. */
  boolean sameShape(String a, String b) {
    Optional<List<Dim>> shape = shape(a);
    return shape.isPresent() && shape.equals(shape(b));
  }
}
