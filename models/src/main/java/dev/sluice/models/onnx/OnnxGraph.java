// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.onnx;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.repository.ModelNames;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.proto.onnx.GraphProto;
import dev.sluice.proto.onnx.NodeProto;
import dev.sluice.proto.onnx.SparseTensorProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The main graph of a model, open to changes. Every value has one maker: an input of the graph, a
 * constant or a node. Constants are the initializers, and what nodes of the type Constant make,
 * which become initializers.
 *
 * <p>The usual change is to {@linkplain #replace put new nodes in the place of old ones} that make
 * the same values by the same names, so that nobody who reads them notices, outputs of the graph
 * and nested graphs included. Nested graphs themselves are never changed. For one thread at a time.
 */
public final class OnnxGraph {
  private final GraphProto shell;
  private final Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();
  private final Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();
  private final Map<String, ValueInfoProto> stated = new LinkedHashMap<>();
  private final Set<String> sparse = new LinkedHashSet<>();
  private final Constants constants;
  private final Wiring wiring = new Wiring();
  private final Names names = new Names();

  OnnxGraph(GraphProto proto) throws EngineException {
    GraphLimits.require(proto);
    shell =
        proto.toBuilder()
            .clearNode()
            .clearInitializer()
            .clearInput()
            .clearOutput()
            .clearValueInfo()
            .build();
    constants = new Constants(proto);
    for (SparseTensorProto tensor : proto.getSparseInitializerList()) {
      sparse.add(tensor.getValues().getName());
    }
    names.takeAll(constants.names());
    names.takeAll(sparse);
    for (ValueInfoProto input : proto.getInputList()) {
      // Nobody here feeds an input that has a default.
      if (!constants.has(input.getName()) && !sparse.contains(input.getName())) {
        inputs.put(input.getName(), input);
        takeOnce(input.getName());
      }
    }
    proto.getOutputList().forEach(output -> outputs.put(output.getName(), output));
    proto.getValueInfoList().forEach(info -> stated.put(info.getName(), info));
    for (NodeProto node : proto.getNodeList()) {
      addAsRead(node);
    }
    requireSound();
  }

  private void addAsRead(NodeProto node) throws EngineException {
    for (String output : node.getOutputList()) {
      takeOnce(output);
    }
    names.takeAll(Subgraphs.names(node));
    boolean result = node.getOutputList().stream().anyMatch(outputs::containsKey);
    if (result || !constants.takeIn(node)) {
      wiring.add(new OnnxNode(node));
    }
  }

  private void takeOnce(String value) throws EngineException {
    if (!value.isEmpty() && !names.take(value)) {
      throw new EngineException(
          "the value '%s' is made more than once".formatted(ModelNames.printable(value)));
    }
  }

  private void requireSound() throws EngineException {
    Set<String> wanted = new LinkedHashSet<>(outputs.keySet());
    for (OnnxNode node : wiring.nodes()) {
      wanted.addAll(node.inputs());
      wanted.addAll(node.captured());
    }
    wanted.remove("");
    for (String value : wanted) {
      if (!exists(value)) {
        throw new EngineException(
            "the value '%s' is read but never made".formatted(ModelNames.printable(value)));
      }
    }
    if (wiring.order().size() < wiring.nodes().size()) {
      throw new EngineException("the nodes of the graph are in a circle");
    }
  }

  /** Whether some input, constant or node makes it. */
  public boolean exists(String value) {
    return inputs.containsKey(value)
        || constants.has(value)
        || sparse.contains(value)
        || wiring.maker(value) != null;
  }

  /** Every node after those that it reads from; as of now, whatever changes later. */
  public List<OnnxNode> nodes() {
    return wiring.order();
  }

  public boolean contains(OnnxNode node) {
    return wiring.nodes().contains(node);
  }

  /** The node that makes the value; empty for inputs and constants. */
  public Optional<OnnxNode> producer(String value) {
    return Optional.ofNullable(wiring.maker(value));
  }

  /** The nodes that read the value, also those whose nested graphs do. */
  public List<OnnxNode> consumers(String value) {
    return wiring.readers(value);
  }

  /** Whether exactly one node reads the value, in whichever places, and nobody else. */
  public boolean readOnce(String value) {
    List<OnnxNode> readers = wiring.readers(value);
    return readers.size() == 1
        && !readers.getFirst().captured().contains(value)
        && !outputs.containsKey(value);
  }

  public List<ValueInfoProto> inputs() {
    return List.copyOf(inputs.values());
  }

  public List<ValueInfoProto> outputs() {
    return List.copyOf(outputs.values());
  }

  public boolean isInput(String value) {
    return inputs.containsKey(value);
  }

  public boolean isOutput(String value) {
    return outputs.containsKey(value);
  }

  /** What the file says of a value's type and shape, which may be nothing. */
  public Optional<ValueInfoProto> stated(String value) {
    return Optional.ofNullable(inputs.get(value))
        .or(() -> Optional.ofNullable(outputs.get(value)))
        .or(() -> Optional.ofNullable(stated.get(value)));
  }

  /** The constant of that name; empty for others, and for types that Sluice cannot compute with. */
  public Optional<Tensor> constant(String value) {
    return constants.tensor(value);
  }

  /** The names of all constants of types that Sluice can compute with. */
  public List<String> constants() {
    return constants.names().stream().filter(name -> constant(name).isPresent()).toList();
  }

  /** A name that nothing has yet; it is taken from now on. */
  public String fresh(String hint) {
    return names.fresh(hint);
  }

  /**
   * @return its name, which begins with the hint
   */
  public String addConstant(String hint, Tensor tensor) {
    String name = names.fresh(hint);
    constants.put(name, tensor);
    return name;
  }

  /** Adds a node whose outputs have {@linkplain #fresh fresh} names. */
  public void add(OnnxNode node) {
    replace(List.of(), node);
  }

  /**
   * Takes nodes out and puts others in.
   *
   * @throws IllegalArgumentException when a value that is still read would be lost, one would be
   *     made twice, or a new node reads one that does not exist; the graph is then of no more use
   */
  public void replace(Collection<OnnxNode> old, OnnxNode... by) {
    old.forEach(wiring::remove);
    for (OnnxNode node : by) {
      for (String value : node.outputs()) {
        if (exists(value)) {
          throw new IllegalArgumentException(value + " is made twice");
        }
      }
      wiring.add(node);
    }
    for (OnnxNode node : by) {
      for (String value : node.inputs()) {
        if (!value.isEmpty() && !exists(value)) {
          throw new IllegalArgumentException(node + " reads " + value + ", which nobody makes");
        }
      }
    }
    for (OnnxNode node : old) {
      for (String value : node.outputs()) {
        if (isUsed(value) && !exists(value)) {
          throw new IllegalArgumentException(value + " is still read");
        }
      }
    }
  }

  /** Puts a constant in the place of a node that makes nothing but this value. */
  public void replace(OnnxNode old, Tensor by) {
    wiring.remove(old);
    constants.put(old.output(0), by);
  }

  /**
   * Lets every node that reads a value read another one instead.
   *
   * @return false when somebody still reads it: an output of the graph, or a nested graph
   */
  public boolean replaceUses(String value, String by) {
    for (OnnxNode node : wiring.readers(value)) {
      wiring.repoint(node, value, by);
    }
    return !isUsed(value);
  }

  private boolean isUsed(String value) {
    return !value.isEmpty() && (wiring.isRead(value) || outputs.containsKey(value));
  }

  /**
   * Takes away the nodes and constants of which nothing depends that leaves the graph.
   *
   * @return how many nodes
   */
  public int removeDead() {
    int before = wiring.nodes().size();
    List<OnnxNode> order = new ArrayList<>(wiring.order());
    for (OnnxNode node : order.reversed()) {
      if (node.outputs().stream().noneMatch(this::isUsed)) {
        wiring.remove(node);
      }
    }
    constants.retain(this::isUsed);
    return before - wiring.nodes().size();
  }

  /** Lets the graph give exactly these values. */
  public void setOutputs(List<ValueInfoProto> wanted) {
    outputs.clear();
    wanted.forEach(output -> outputs.put(output.getName(), output));
  }

  GraphProto toProto() {
    GraphProto.Builder proto = shell.toBuilder();
    wiring.order().forEach(node -> proto.addNode(node.proto()));
    constants.protos().forEach(proto::addInitializer);
    proto.addAllInput(inputs.values()).addAllOutput(outputs.values());
    stated.values().stream()
        .filter(info -> wiring.maker(info.getName()) != null)
        .forEach(proto::addValueInfo);
    return proto.build();
  }
}
