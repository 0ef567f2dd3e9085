// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtNDManager;
import ai.djl.onnxruntime.engine.OrtSymbolBlock;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads ONNX files into DJL's ONNX Runtime engine.
 *
 * <p>The session is made in DJL's environment and handed to DJL's own block and model, which run
 * and free it. DJL's {@code Model.load} is not used: it keeps the session to itself, and with it
 * the types and shapes of inputs and outputs, which must be known to check requests.
 *
 * <p>Safe for any number of threads.
 */
final class OnnxRuntimeEngine {
  private final OnnxDevices devices;

  OnnxRuntimeEngine(OnnxDevices devices) {
    this.devices = devices;
  }

  /** Whether a model with that choice runs on the CPU here; false for a card that cannot be had. */
  boolean runsOnCpu(DeviceChoice choice) {
    try {
      DjlSetup.onnxRuntime();
      return DeviceSelection.choose(choice, devices.gpus()).isEmpty();
    } catch (EngineException e) {
      return false;
    }
  }

  Graph load(ModelSpec spec) throws EngineException {
    Engine engine = DjlSetup.onnxRuntime();
    try (OnnxDevices.Placement placement = devices.place(spec.settings().device())) {
      return load(engine, spec.file(), placement);
    } catch (OrtException e) {
      throw new EngineException(spec.file() + " cannot be loaded: " + Failures.describe(e), e);
    } catch (EngineException e) {
      throw new EngineException(spec.file() + " cannot be served: " + e.getMessage(), e);
    }
  }

  private static Graph load(Engine engine, Path file, OnnxDevices.Placement placement)
      throws OrtException, EngineException {
    if (!Files.isReadable(file)) {
      throw new EngineException("the file cannot be read");
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session = environment.createSession(file.toString(), placement.options());
    try {
      if (OnnxSignature.hasClassMaps(session)) {
        session.close();
        session = environment.createSession(ZipMaps.remove(file), placement.options());
      }
      return new OnnxGraph(OnnxSignature.of(session), model(engine, session), placement.device());
    } catch (OrtException | EngineException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static Model model(Engine engine, OrtSession session) {
    // The device of DJL's arrays, which are always in host memory; the session has its own.
    Model model = Model.newInstance("onnx", Device.cpu(), engine.getEngineName());
    model.setBlock(new OrtSymbolBlock(session, (OrtNDManager) model.getNDManager()));
    return model;
  }
}
