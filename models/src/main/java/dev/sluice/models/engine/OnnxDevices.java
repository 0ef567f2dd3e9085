// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.models.engine.DeviceSelection.Gpus;
import dev.sluice.models.spec.DeviceChoice;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where ONNX Runtime runs a model, and with which options. Safe for any number of threads. */
final class OnnxDevices {
  private static final Logger logger = LoggerFactory.getLogger(OnnxDevices.class);

  private final Supplier<CudaProbe> cuda;
  private final Tuning tuning;

  /** Who decides on threads and optimisations. */
  enum Tuning {
    /** Fit for lanes. */
    SLUICE,
    /** ONNX Runtime's defaults. */
    AS_IT_COMES
  }

  OnnxDevices(Supplier<CudaProbe> cuda, Tuning tuning) {
    this.cuda = cuda;
    this.tuning = tuning;
  }

  /** The options must stay open until the session is made. */
  record Placement(SessionOptions options, String device) implements AutoCloseable {
    @Override
    public void close() {
      options.close();
    }
  }

  /** The engine must have been touched through DJL before. */
  Placement place(DeviceChoice choice) throws OrtException, EngineException {
    OptionalInt card =
        choice instanceof DeviceChoice.Cpu
            ? OptionalInt.empty()
            : DeviceSelection.choose(choice, gpus());
    if (card.isEmpty()) {
      return new Placement(options(), DeviceSelection.name(card));
    }
    try {
      return new Placement(cudaOptions(card.getAsInt()), DeviceSelection.name(card));
    } catch (OrtException e) {
      if (choice instanceof DeviceChoice.Gpu) {
        throw new EngineException(
            "the device %s cannot be had: %s"
                .formatted(DeviceSelection.name(card), Failures.describe(e)),
            e);
      }
      logger.warn("the CUDA provider does not load, using the CPU: {}", Failures.describe(e));
      return new Placement(options(), DeviceSelection.name(OptionalInt.empty()));
    }
  }

  Gpus gpus() {
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return new Gpus.Unusable(
          "this ONNX Runtime is the CPU build; build with the Maven profile gpu");
    }
    return switch (cuda.get()) {
      case CudaProbe.Absent absent -> new Gpus.Unusable(absent.reason());
      case CudaProbe.Present present -> new Gpus.Usable(present.cards().size());
    };
  }

  private SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      if (tuning == Tuning.SLUICE) {
        tune(options);
      }
      // What goes wrong comes back as an exception; a client must not be able to fill the log.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  /** One thread per run: lanes are the parallelism, and idle threads must not burn the cores. */
  private static void tune(SessionOptions options) throws OrtException {
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    options.setOptimizationLevel(OptLevel.ALL_OPT);
  }

  private SessionOptions cudaOptions(int card) throws OrtException {
    SessionOptions options = options();
    try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(card)) {
      // The default doubles the arena at each growth; models share the card's memory.
      provider.add("arena_extend_strategy", "kSameAsRequested");
      options.addCUDA(provider);
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }
}
