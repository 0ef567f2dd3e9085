// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorBatches;
import dev.sluice.models.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Measures a model of tensors on sets of inputs. One measurement, one thread. */
final class TensorFidelity {
  private final List<List<Tensor>> inputs;
  private final GraphLane model;
  private final GraphLane variant;
  private final DoubleConsumer progress;

  private TensorFidelity(
      List<List<Tensor>> inputs, GraphLane model, GraphLane variant, DoubleConsumer progress) {
    this.inputs = inputs;
    this.model = model;
    this.variant = variant;
    this.progress = progress;
  }

  static Fidelity measure(
      TensorModel model,
      TensorModel variant,
      List<List<Tensor>> inputs,
      Speed speed,
      double sizeRatio,
      DoubleConsumer progress)
      throws EngineException {
    if (inputs.isEmpty()) {
      throw new EngineException("there is no input to measure the variant on");
    }
    try (GraphLane own = model.newLane();
        GraphLane derived = variant.newLane()) {
      return new TensorFidelity(inputs, own, derived, progress)
          .measure(takesBatches(model), speed, sizeRatio);
    }
  }

  private static boolean takesBatches(TensorModel model) {
    List<TensorSpec> all = new ArrayList<>(model.inputs());
    all.addAll(model.outputs());
    return all.stream().allMatch(spec -> !spec.dims().isEmpty() && spec.dims().getFirst() < 0);
  }

  private Fidelity measure(boolean batches, Speed speed, double sizeRatio) throws EngineException {
    RowComparison rows = new RowComparison();
    List<float[]> right = new ArrayList<>();
    List<float[]> answers = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      List<List<float[]>> own = Answers.of(model.run(inputs.get(i)));
      List<List<float[]>> derived = Answers.of(variant.run(inputs.get(i)));
      if (!rows.add(own, derived)) {
        throw new EngineException("the variant's outputs are not of the model's shapes");
      }
      right.addAll(own.getFirst());
      answers.addAll(derived.getFirst());
      progress.accept(0.5 * (i + 1) / inputs.size());
    }
    Comparison comparison = rows.result();
    if (comparison.count() == 0) {
      throw new EngineException("the model gives empty answers, so that nothing can be compared");
    }
    double batchCosineMin = batches ? inCompany() : 1;
    List<Tensor> timed = inputs.getFirst();
    double ratio = speed.ratio(() -> model.run(timed), () -> variant.run(timed));
    progress.accept(1);
    return new Fidelity(
        comparison.mean(),
        comparison.reachedBy(0.99),
        comparison.min(),
        Neighbours.overlap(right, answers),
        comparison.maxError(),
        batchCosineMin,
        ratio,
        sizeRatio);
  }

  /**
   * The worst cosine between a row alone and the same row in a batch; 1 where the model itself does
   * not treat the first axis as rows that have nothing to do with each other.
   */
  private double inCompany() throws EngineException {
    double worst = 1;
    List<int[]> batches = Company.batches(inputs.size());
    for (int i = 0; i < batches.size(); i++) {
      List<List<Tensor>> members = new ArrayList<>();
      for (int member : batches.get(i)) {
        members.add(inputs.get(member));
      }
      if (!alike(members)) {
        continue;
      }
      if (!(worst(model, members) >= Fidelity.SAME_IN_ANY_BATCH)) {
        return 1;
      }
      worst = Math.min(worst, worst(variant, members));
      progress.accept(0.5 + 0.4 * (i + 1) / batches.size());
    }
    return worst;
  }

  private static boolean alike(List<List<Tensor>> members) {
    List<Tensor> first = members.getFirst();
    for (List<Tensor> member : members) {
      for (int input = 0; input < first.size(); input++) {
        if (!TensorBatches.alike(first.get(input), member.get(input))) {
          return false;
        }
      }
    }
    return true;
  }

  private static double worst(GraphLane lane, List<List<Tensor>> members) throws EngineException {
    List<Tensor> batch = new ArrayList<>();
    for (int input = 0; input < members.getFirst().size(); input++) {
      int which = input;
      batch.add(
          TensorBatches.concatenate(members.stream().map(member -> member.get(which)).toList()));
    }
    List<List<float[]>> together = Answers.of(lane.run(batch));
    List<List<float[]>> alone = new ArrayList<>();
    together.forEach(output -> alone.add(new ArrayList<>()));
    for (List<Tensor> member : members) {
      List<List<float[]>> outputs = Answers.of(lane.run(member));
      for (int output = 0; output < alone.size(); output++) {
        alone.get(output).addAll(outputs.get(output));
      }
    }
    RowComparison rows = new RowComparison();
    return rows.add(alone, together) ? rows.result().min() : 0;
  }
}
