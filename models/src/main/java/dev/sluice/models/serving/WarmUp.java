// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.ConfigTensors;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.onnx.TensorValues;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelWarmup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * First runs of a model, before any client's: as its configuration asks, else with zeros, alone and
 * in a full batch, where the shapes are known. A mask of tokens that nobody gives is of ones.
 */
final class WarmUp {
  /** A full batch of large rows is cut down to this much. */
  private static final long MAX_BYTES = 64 << 20;

  private final TensorModel model;
  private final WarmUpData data;

  WarmUp(TensorModel model, RandomGenerator random) {
    this.model = model;
    this.data = new WarmUpData(model.spec().directory().resolve("warmup"), random);
  }

  void run(GraphLane lane) throws EngineException {
    if (model.spec().config().getModelWarmupCount() > 0) {
      for (ModelWarmup warmup : model.spec().config().getModelWarmupList()) {
        configured(lane, warmup);
      }
    } else if (model.inputs().stream().allMatch(this::isKnown)) {
      withZeros(lane, 1);
      if (model.spec().batches() && maxBatch() > 1) {
        withZeros(lane, maxBatch());
      }
    }
  }

  private void configured(GraphLane lane, ModelWarmup warmup) throws EngineException {
    String name = "the warm-up '" + warmup.getName() + "'";
    int batch = Math.max(1, warmup.getBatchSize());
    if (warmup.getBatchSize() < 0 || batch > batchLimit()) {
      throw new EngineException(
          "%s has the batch_size %s, but the most is %d"
              .formatted(name, Integer.toUnsignedString(warmup.getBatchSize()), batchLimit()));
    }
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : model.inputs()) {
      ModelWarmup.Input input = warmup.getInputsMap().get(spec.name());
      if (input == null) {
        throw new EngineException(name + " leaves out the input '" + spec.name() + "'");
      }
      try {
        inputs.add(input(spec, input, batch));
      } catch (EngineException e) {
        throw new EngineException(
            "%s, input '%s': %s".formatted(name, spec.name(), e.getMessage()), e);
      }
    }
    for (int i = 0; i < Math.max(1, warmup.getCount()); i++) {
      run(lane, name, inputs);
    }
  }

  private Tensor input(TensorSpec spec, ModelWarmup.Input input, int batch) throws EngineException {
    DType type = ConfigTensors.type(input.getDataType()).orElse(spec.type());
    if (type != spec.type() && !spec.anyShape()) {
      throw new EngineException("the type is %s, not %s".formatted(type, spec.type()));
    }
    List<Long> dims = new ArrayList<>(input.getDimsList());
    if (model.spec().batches()) {
      dims.add(0, (long) batch);
    }
    if (dims.stream().anyMatch(dim -> dim < 0) || !fits(spec, dims)) {
      throw new EngineException(
          "the shape is %s, but the model takes %s".formatted(dims, spec.dims()));
    }
    long[] shape = dims.stream().mapToLong(Long::longValue).toArray();
    boolean drawn =
        input.getInputDataTypeCase() != ModelWarmup.Input.InputDataTypeCase.INPUT_DATA_FILE;
    return drawn && isMask(spec) ? ones(spec.type(), shape) : data.tensor(input, type, shape);
  }

  /** One that leaves no token, or some here and there, is none that a client would send. */
  private static boolean isMask(TensorSpec spec) {
    return spec.name().equals("attention_mask") && spec.type() == DType.INT64;
  }

  private static Tensor ones(DType type, long[] shape) throws EngineException {
    WarmUpData.requireSize(type, shape);
    long[] ones = new long[Math.toIntExact(Tensor.elements(shape))];
    Arrays.fill(ones, 1);
    return TensorValues.ofLongs(shape, ones);
  }

  private static boolean fits(TensorSpec spec, List<Long> dims) {
    if (spec.anyShape()) {
      return true;
    }
    if (spec.dims().size() != dims.size()) {
      return false;
    }
    for (int axis = 0; axis < dims.size(); axis++) {
      if (spec.dims().get(axis) >= 0 && !spec.dims().get(axis).equals(dims.get(axis))) {
        return false;
      }
    }
    return true;
  }

  private void withZeros(GraphLane lane, int batch) throws EngineException {
    List<Tensor> inputs = new ArrayList<>();
    for (TensorSpec spec : model.inputs()) {
      try {
        WarmUpData.requireSize(spec.type(), shape(spec, batch));
      } catch (EngineException e) {
        throw new EngineException(
            "input '%s' is %s %s: %s"
                .formatted(spec.name(), spec.type(), spec.dims(), e.getMessage()),
            e);
      }
      long[] shape = shape(spec, batch);
      inputs.add(isMask(spec) ? ones(spec.type(), shape) : WarmUpData.zeros(spec.type(), shape));
    }
    run(lane, "the first run, with zeros in a batch of " + batch + ",", inputs);
  }

  private static void run(GraphLane lane, String name, List<Tensor> inputs) throws EngineException {
    try {
      lane.run(inputs);
    } catch (EngineException e) {
      throw new EngineException(name + " failed: " + e.getMessage(), e);
    }
  }

  /** Strings are left out: there is no text that every model takes. */
  private boolean isKnown(TensorSpec spec) {
    List<Long> row =
        model.spec().batches() ? spec.dims().subList(1, spec.dims().size()) : spec.dims();
    return !spec.anyShape() && spec.type().fixedSize() && row.stream().allMatch(dim -> dim >= 0);
  }

  private long[] shape(TensorSpec spec, int batch) {
    long[] shape = spec.dims().stream().mapToLong(Long::longValue).toArray();
    if (model.spec().batches()) {
      shape[0] = batch;
    }
    return shape;
  }

  private int maxBatch() {
    long row = 1;
    for (TensorSpec spec : model.inputs()) {
      row += Tensor.elements(shape(spec, 1)) * spec.type().byteSize();
    }
    return (int) Math.max(1, Math.min(batchLimit(), MAX_BYTES / row));
  }

  private int batchLimit() {
    return Math.max(1, model.spec().config().getMaxBatchSize());
  }
}
