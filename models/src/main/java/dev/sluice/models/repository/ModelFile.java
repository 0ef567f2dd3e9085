// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.repository;

import dev.sluice.models.spec.EngineKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which engine a model file belongs to, and whether its content bears that out. */
final class ModelFile {
  private ModelFile() {}

  static Optional<EngineKind> engineOf(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".onnx")) {
      return Optional.of(EngineKind.ONNX_RUNTIME);
    }
    return lower.endsWith(".pt") ? Optional.of(EngineKind.PYTORCH) : Optional.empty();
  }

  /** The name that Triton gives the file of such a model. */
  static String defaultName(EngineKind engine) {
    return switch (engine) {
      case ONNX_RUNTIME -> "model.onnx";
      case PYTORCH -> "model.pt";
      case IDENTITY -> throw new IllegalArgumentException("the identity has no file");
    };
  }

  static void check(ModelFolder folder, EngineKind engine, Path file) throws RefusedException {
    switch (engine) {
      case ONNX_RUNTIME -> OnnxCheck.check(folder, file);
      case PYTORCH -> TorchScriptCheck.check(file);
      case IDENTITY -> {}
    }
  }

  /** What the files of a folder are that holds no model which Sluice runs, and what would be. */
  static String explainAbsence(List<String> files) {
    for (String file : files) {
      Optional<String> foreign = foreign(file.toLowerCase(Locale.ROOT));
      if (foreign.isPresent()) {
        return "it holds " + ModelNames.printable(file) + ", " + foreign.get();
      }
    }
    return "no model found: expected config.pbtxt, a version folder with model.onnx or model.pt,"
        + " config.json with tokenizer.json, or one .onnx or .pt file";
  }

  private static Optional<String> foreign(String file) {
    String export = "export the model to ONNX (torch.onnx.export, or optimum-cli export onnx)";
    if (file.equals("model.py") || file.equals("requirements.txt")) {
      return Optional.of("a model that runs Python code, which is not supported; " + export);
    }
    if (file.endsWith(".safetensors")) {
      return Optional.of("weights without a program; " + export);
    }
    if (file.endsWith(".bin")
        || file.endsWith(".pth")
        || file.endsWith(".ckpt")
        || file.endsWith(".pkl")
        || file.endsWith(".pickle")
        || file.endsWith(".joblib")) {
      return Optional.of("a Python pickle, which runs code when it is read; " + export);
    }
    if (file.endsWith(".plan") || file.endsWith(".engine") || file.endsWith(".trt")) {
      return Optional.of("a TensorRT engine, which is not supported; serve the ONNX file it is of");
    }
    if (file.endsWith(".savedmodel")
        || file.endsWith(".pb")
        || file.endsWith(".h5")
        || file.endsWith(".keras")
        || file.endsWith(".tflite")) {
      return Optional.of("a TensorFlow model, which is not supported; convert it with tf2onnx");
    }
    if (file.endsWith(".gguf") || file.endsWith(".mar") || file.equals("serving.properties")) {
      return Optional.of("a model of another server, which is not supported; " + export);
    }
    return Optional.empty();
  }
}
