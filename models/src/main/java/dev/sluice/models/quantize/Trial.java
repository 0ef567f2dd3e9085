// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.quantize;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.engine.Engines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.onnx.OnnxModel;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.EngineKind;
import dev.sluice.models.spec.ModelSettings;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.Task;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.proto.inference.ModelConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A model that is loaded, for the CPU, only to see what it computes. For one thread. */
final class Trial implements AutoCloseable {
  private final Graph graph;
  private final GraphLane lane;

  private Trial(Graph graph) {
    this.graph = graph;
    this.lane = graph.newLane();
  }

  /**
   * @param scratch an existing directory; a file is there while the model is being loaded
   * @throws EngineException when the engine refuses the model
   */
  static Trial open(Engines engines, Path scratch, OnnxModel model) throws EngineException {
    try {
      Path file = Files.createTempFile(scratch, "trial", ".onnx");
      try {
        try (OutputStream out = Files.newOutputStream(file)) {
          model.toProto().writeTo(out);
        }
        return new Trial(engines.load(spec(scratch, file)));
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new EngineException("the model cannot be written to %s: %s".formatted(scratch, e), e);
    }
  }

  private static ModelSpec spec(Path directory, Path file) {
    return new ModelSpec(
        "trial",
        1,
        Task.TENSOR,
        EngineKind.ONNX_RUNTIME,
        directory,
        file,
        ModelConfig.getDefaultInstance(),
        null,
        ModelSettings.DEFAULT.on(DeviceChoice.CPU, OptionalInt.of(1)));
  }

  List<TensorSpec> outputs() {
    return graph.outputs();
  }

  /**
   * @throws InterruptedException when the thread is to stop; long work is checked here
   */
  List<Tensor> run(Calibration calibration, int run) throws EngineException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      return lane.run(calibration.inputs(run, graph.inputs()));
    } catch (EngineException e) {
      throw new EngineException("calibration input %d: %s".formatted(run + 1, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    lane.close();
    graph.close();
  }
}
