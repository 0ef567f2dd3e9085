// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.EngineKind;
import dev.sluice.proto.inference.ModelConfig;
import java.util.Optional;

/** Finds the engine that {@code platform} and {@code backend} of a configuration name. */
final class TritonEngine {
  private static final String WORKING =
      "platform \"onnxruntime_onnx\" (model.onnx) or \"pytorch_libtorch\" (model.pt), or backend"
          + " \"identity\"";

  private TritonEngine() {}

  /** Empty when the configuration leaves both out. */
  static Optional<EngineKind> of(ModelConfig config) throws RefusedException {
    String platform = config.getPlatform();
    String backend = config.getBackend();
    Optional<EngineKind> byPlatform = Optional.empty();
    Optional<EngineKind> byBackend = Optional.empty();
    for (EngineKind engine : EngineKind.values()) {
      byPlatform = names(engine.platform(), platform) ? Optional.of(engine) : byPlatform;
      byBackend = names(engine.backend(), backend) ? Optional.of(engine) : byBackend;
    }
    if (!platform.isEmpty() && byPlatform.isEmpty()) {
      throw unsupported("platform", platform);
    }
    if (!backend.isEmpty() && byBackend.isEmpty()) {
      throw unsupported("backend", backend);
    }
    if (byPlatform.isPresent() && byBackend.isPresent() && byPlatform.get() != byBackend.get()) {
      throw new RefusedException(
          "config.pbtxt: platform \"" + platform + "\" and backend \"" + backend + "\" disagree");
    }
    return byPlatform.isPresent() ? byPlatform : byBackend;
  }

  private static boolean names(String known, String given) {
    return !given.isEmpty() && given.equals(known);
  }

  private static RefusedException unsupported(String key, String value) {
    return new RefusedException(
        "config.pbtxt: "
            + key
            + " \""
            + ModelNames.printable(value)
            + "\" is not supported"
            + advice(value)
            + "; what works is "
            + WORKING);
  }

  private static String advice(String value) {
    return switch (value) {
      case "tensorrt_plan", "tensorrt" -> ": serve the ONNX file that the engine was built from";
      case "python", "vllm", "tensorrtllm" -> ": no Python code is run; export the model to ONNX";
      case "ensemble" -> ": let the client call its models one after the other";
      case "tensorflow", "tensorflow_savedmodel", "tensorflow_graphdef" ->
          ": convert the model with tf2onnx";
      case "fil" -> ": convert the trees to ONNX with hummingbird or onnxmltools";
      default -> "";
    };
  }
}
