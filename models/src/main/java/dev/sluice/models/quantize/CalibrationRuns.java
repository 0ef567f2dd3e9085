// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.onnx.TensorProto;
import dev.sluice.proto.onnx.TypeProto;
import dev.sluice.proto.onnx.ValueInfoProto;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs a model over its calibration inputs and shows what it computes on the way. */
final class CalibrationRuns {
  /** Values are watched in turns, so that what one run gives stays small. */
  private static final int CHANNELS_AT_ONCE = 1 << 15;

  private final Engines engines;
  private final Path scratch;
  private final OnnxModel model;
  private final Calibration calibration;

  CalibrationRuns(Engines engines, Path scratch, OnnxModel model, Calibration calibration) {
    this.engines = engines;
    this.scratch = scratch;
    this.model = model;
    this.calibration = calibration;
  }

  /** Is shown what a group's layers are given. */
  @FunctionalInterface
  interface Watcher {
    void see(LayerGroup group, Tensor value) throws EngineException;
  }

  void watch(List<LayerGroup> groups, Watcher watcher, Progress progress)
      throws EngineException, InterruptedException {
    List<List<LayerGroup>> turns = turns(groups);
    for (int turn = 0; turn < turns.size(); turn++) {
      double each = 1.0 / turns.size();
      watchAtOnce(turns.get(turn), watcher, progress.part(turn * each, (turn + 1) * each));
    }
  }

  private static List<List<LayerGroup>> turns(List<LayerGroup> groups) {
    List<List<LayerGroup>> turns = new ArrayList<>();
    int channels = CHANNELS_AT_ONCE;
    for (LayerGroup group : groups) {
      channels += group.channels();
      if (channels > CHANNELS_AT_ONCE) {
        turns.add(new ArrayList<>());
        channels = group.channels();
      }
      turns.getLast().add(group);
    }
    return turns;
  }

  private void watchAtOnce(List<LayerGroup> groups, Watcher watcher, Progress progress)
      throws EngineException, InterruptedException {
    try (Trial trial = Trial.open(engines, scratch, showing(groups))) {
      List<String> names = trial.outputs().stream().map(TensorSpec::name).toList();
      for (int run = 0; run < calibration.size(); run++) {
        progress.at("calibrating", (double) run / calibration.size());
        List<Tensor> outputs = trial.run(calibration, run);
        for (LayerGroup group : groups) {
          Tensor value = outputs.get(names.indexOf(group.input()));
          requireChannels(group, value, run);
          try {
            watcher.see(group, value);
          } catch (EngineException e) {
            throw new EngineException(
                "calibration input %d: %s, in '%s'"
                    .formatted(run + 1, e.getMessage(), group.input()),
                e);
          }
        }
      }
    }
  }

  private static void requireChannels(LayerGroup group, Tensor value, int run)
      throws EngineException {
    if (value.type() != DType.FP32
        || value.rank() == 0
        || value.dim(value.rank() - 1) != group.channels()) {
      throw new EngineException(
          "calibration input %d: '%s' is %s, not FP32 of %d channels"
              .formatted(run + 1, group.input(), value, group.channels()));
    }
  }

  /** The model with these values among its outputs. */
  private OnnxModel showing(List<LayerGroup> groups) throws EngineException {
    OnnxModel open = model.copy();
    List<ValueInfoProto> outputs = new ArrayList<>(open.graph().outputs());
    Set<String> shown = new HashSet<>(outputs.stream().map(ValueInfoProto::getName).toList());
    for (LayerGroup group : groups) {
      if (shown.add(group.input())) {
        outputs.add(output(group.input()));
      }
    }
    open.graph().setOutputs(outputs);
    return open;
  }

  private static ValueInfoProto output(String name) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)))
        .build();
  }
}
