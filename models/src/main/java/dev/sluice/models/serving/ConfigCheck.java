// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.ConfigTensors;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.DataType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a configuration says of a tensor with the graph.
 *
 * @param batched whether tensors lead with a batch dimension that {@code dims} leaves out
 */
record ConfigCheck(boolean batched) {

  /** The two shapes of one tensor, both without the batch dimension. */
  record Sides(List<Long> client, List<Long> graph) {}

  void names(String kind, List<String> configured, List<TensorSpec> graph) throws EngineException {
    List<String> known = graph.stream().map(TensorSpec::name).toList();
    Set<String> seen = new HashSet<>();
    for (String name : configured) {
      if (!known.contains(name)) {
        throw new EngineException(
            "the configuration names the %s '%s', but the model has %s"
                .formatted(kind, name, known));
      }
      if (!seen.add(name)) {
        throw new EngineException(
            "the configuration names the %s '%s' twice".formatted(kind, name));
      }
    }
  }

  /**
   * A tensor that the configuration says nothing of, or no type and no size, is as in the graph.
   */
  Sides sides(
      String kind, TensorSpec graph, DataType type, List<Long> dims, @Nullable List<Long> reshape)
      throws EngineException {
    type(kind, graph, type);
    if (graph.anyShape()) {
      return new Sides(graph.dims(), graph.dims());
    }
    List<Long> rest = withoutBatch(kind, graph);
    if (dims.isEmpty() && reshape == null && type == DataType.TYPE_INVALID) {
      return new Sides(rest, rest);
    }
    List<Long> expected = reshape == null ? dims : reshape;
    if (reshape != null && !TensorReshape.possible(dims, reshape)) {
      throw new EngineException(
          "%s '%s': dims %s cannot be reshaped to %s".formatted(kind, graph.name(), dims, reshape));
    }
    if (!fits(expected, rest)) {
      throw new EngineException(
          "%s '%s': the configuration says %s, but the model has %s%s"
              .formatted(kind, graph.name(), expected, rest, batched ? " behind the batch" : ""));
    }
    return new Sides(List.copyOf(dims), List.copyOf(expected));
  }

  TensorSpec clientSpec(TensorSpec graph, List<Long> dims) {
    if (!batched || graph.anyShape()) {
      return new TensorSpec(graph.name(), graph.type(), dims, graph.anyShape());
    }
    List<Long> all = new ArrayList<>(dims.size() + 1);
    all.add(-1L);
    all.addAll(dims);
    return new TensorSpec(graph.name(), graph.type(), all);
  }

  private static void type(String kind, TensorSpec graph, DataType type) throws EngineException {
    DType configured = ConfigTensors.type(type).orElse(graph.type());
    if (configured != graph.type() && !graph.anyShape()) {
      throw new EngineException(
          "%s '%s': the configuration says %s, but the model has %s"
              .formatted(kind, graph.name(), configured, graph.type()));
    }
  }

  private List<Long> withoutBatch(String kind, TensorSpec graph) throws EngineException {
    if (!batched) {
      return graph.dims();
    }
    if (graph.dims().isEmpty() || graph.dims().get(0) >= 0) {
      throw new EngineException(
          "%s '%s' has the shape %s, which leaves no room for a batch: with max_batch_size above 0"
                  .formatted(kind, graph.name(), graph.dims())
              + " the first size must vary");
    }
    return graph.dims().subList(1, graph.dims().size());
  }

  /** Where the graph's size varies, the configuration may fix it; not the other way round. */
  private static boolean fits(List<Long> configured, List<Long> graph) {
    if (configured.size() != graph.size()) {
      return false;
    }
    for (int axis = 0; axis < graph.size(); axis++) {
      if (graph.get(axis) >= 0 && !graph.get(axis).equals(configured.get(axis))) {
        return false;
      }
    }
    return true;
  }
}
