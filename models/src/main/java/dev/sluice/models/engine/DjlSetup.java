// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.djl.engine.Engine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Switches that must be set before DJL touches an engine. The launcher sets some of them too; they
 * are set here as well, so that a program that embeds Sluice is as safe.
 */
final class DjlSetup {
  private static final Logger logger = LoggerFactory.getLogger(DjlSetup.class);

  static {
    // No downloads, and no call home.
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    // Without this the ONNX Runtime engine loads PyTorch (400 MB) as its helper.
    setDefault("ai.djl.onnx.disable_alternative", "true");
    // The graph executor would optimise anew for every batch size that it meets.
    setDefault("ai.djl.pytorch.graph_optimizer", "false");
    // Lanes are the parallelism; a pool per engine on top of them only fights them for the cores.
    setDefault("ai.djl.pytorch.num_threads", "1");
    setDefault("ai.djl.pytorch.num_interop_threads", "1");
    setDefault("ai.djl.onnxruntime.num_threads", "1");
    setDefault("ai.djl.onnxruntime.num_interop_threads", "1");
  }

  private DjlSetup() {}

  /**
   * DJL's ONNX Runtime. It must be the first user of ONNX Runtime in the process, since it insists
   * on creating the environment itself.
   */
  static Engine onnxRuntime() throws EngineException {
    return engine("OnnxRuntime");
  }

  /** DJL's PyTorch; the first call unpacks and loads its native libraries. */
  static Engine pyTorch() throws EngineException {
    return engine("PyTorch");
  }

  /** Sluice's own for encoders on cards. */
  static Engine sluiceCuda() throws EngineException {
    return engine(SluiceCuda.NAME);
  }

  // The engines fail with whatever their static initialisers meet: link errors, assertion errors.
  @SuppressWarnings("CatchingUnchecked")
  private static Engine engine(String name) throws EngineException {
    try {
      Engine engine = Engine.getEngine(name);
      if (engine == null) {
        throw new EngineException("the engine " + name + " is not on the class path");
      }
      return engine;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      logger.debug("the engine {} cannot be loaded", name, e);
      throw new EngineException(
          "the engine " + name + " cannot be loaded: " + Failures.describe(e), e);
    }
  }

  private static void setDefault(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
