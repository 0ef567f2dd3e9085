// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.AttributeProto;
import dev.sluice.proto.onnx.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One operation. Two nodes are equal only if they are the same. What it reads changes only through
 * the graph that it is in; everything else never does.
 */
public final class OnnxNode {
  /** The domain of ONNX Runtime's own operators. */
  public static final String MICROSOFT = "com.microsoft";

  private final NodeProto proto;
  private final String domain;
  private final List<String> inputs;
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();
  private final Set<String> captured;

  OnnxNode(NodeProto proto) {
    this.proto = proto;
    this.domain = domain(proto.getDomain());
    this.inputs = new ArrayList<>(proto.getInputList());
    proto.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    this.captured = Subgraphs.captured(proto);
  }

  /** A new operator of the standard set. */
  public static OnnxNode standard(
      String op, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    return of("", op, inputs, outputs, attributes);
  }

  /** A new operator of ONNX Runtime's own. */
  public static OnnxNode microsoft(
      String op, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
    return of(MICROSOFT, op, inputs, outputs, attributes);
  }

  private static OnnxNode of(
      String domain,
      String op,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    return new OnnxNode(
        NodeProto.newBuilder()
            .setName(outputs.getFirst() + "/" + op)
            .setDomain(domain)
            .setOpType(op)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes))
            .build());
  }

  /** The standard domain has two names. */
  static String domain(String name) {
    return name.equals("ai.onnx") ? "" : name;
  }

  public String name() {
    return proto.getName();
  }

  public String op() {
    return proto.getOpType();
  }

  public String domain() {
    return domain;
  }

  /** Whether it is that operator of the standard set. */
  public boolean is(String op) {
    return domain.isEmpty() && op().equals(op);
  }

  /** Whether it is that operator of ONNX Runtime's own. */
  public boolean isMicrosoft(String op) {
    return domain.equals(MICROSOFT) && op().equals(op);
  }

  /** The names of the values it reads; empty for an optional one that is left out. */
  public List<String> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /** The value it reads at that place; empty when it is left out. */
  public String input(int place) {
    return place < inputs.size() ? inputs.get(place) : "";
  }

  public List<String> outputs() {
    return proto.getOutputList();
  }

  /** The value it makes at that place; empty when it is left out. */
  public String output(int place) {
    return place < proto.getOutputCount() ? proto.getOutput(place) : "";
  }

  /** Values from outside that the graphs in its attributes read. */
  public Set<String> captured() {
    return captured;
  }

  public boolean hasSubgraphs() {
    return Subgraphs.in(proto).findAny().isPresent();
  }

  public List<AttributeProto> attributes() {
    return List.copyOf(attributes.values());
  }

  public Optional<AttributeProto> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  public long integer(String attribute, long otherwise) {
    return attribute(attribute).map(AttributeProto::getI).orElse(otherwise);
  }

  public float real(String attribute, float otherwise) {
    return attribute(attribute).map(AttributeProto::getF).orElse(otherwise);
  }

  public List<Long> integers(String attribute) {
    return attribute(attribute).map(AttributeProto::getIntsList).orElse(List.of());
  }

  public String string(String attribute, String otherwise) {
    return attribute(attribute).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  /** Empty also for a tensor of a type that Sluice cannot compute with, or without its data. */
  public Optional<Tensor> tensor(String attribute) {
    try {
      return attributes.containsKey(attribute)
          ? TensorData.read(attributes.get(attribute).getT())
          : Optional.empty();
    } catch (EngineException e) {
      return Optional.empty();
    }
  }

  /** Only the graph that it is in keeps count of who reads what. */
  void setInput(int place, String value) {
    inputs.set(place, value);
  }

  NodeProto proto() {
    return inputs.equals(proto.getInputList())
        ? proto
        : proto.toBuilder().clearInput().addAllInput(inputs).build();
  }

  @Override
  public String toString() {
    return op() + inputs + "->" + outputs();
  }
}
