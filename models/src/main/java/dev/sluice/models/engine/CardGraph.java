// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An encoder on a card, which any number of threads may run at the same time. */
final class CardGraph implements Graph {
  private final Model model;
  private final String device;
  private final Packed packed;

  CardGraph(Model model, String device, Packed packed) {
    this.model = model;
    this.device = device;
    this.packed = packed;
  }

  @Override
  public List<TensorSpec> inputs() {
    return specs(model.describeInput(), DType.INT64);
  }

  @Override
  public List<TensorSpec> outputs() {
    return specs(model.describeOutput(), DType.FP32);
  }

  private static List<TensorSpec> specs(PairList<String, Shape> described, DType type) {
    List<TensorSpec> specs = new ArrayList<>();
    for (Pair<String, Shape> one : described) {
      List<Long> dims = Arrays.stream(one.getValue().getShape()).boxed().toList();
      specs.add(new TensorSpec(one.getKey(), type, dims));
    }
    return List.copyOf(specs);
  }

  @Override
  public String device() {
    return device;
  }

  @Override
  public Optional<Packed> packed() {
    return Optional.of(packed);
  }

  @Override
  public GraphLane newLane() {
    return new CardLane(inputs(), outputs(), model, packed);
  }

  @Override
  public void close() {
    model.close();
  }
}
