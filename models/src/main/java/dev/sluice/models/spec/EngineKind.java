// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

/** What runs a model file, by DJL's engine names. */
public enum EngineKind {
  ONNX_RUNTIME("OnnxRuntime", "onnxruntime_onnx", "onnxruntime"),
  PYTORCH("PyTorch", "pytorch_libtorch", "pytorch");

  private final String djlName;
  private final String platform;
  private final String backend;

  EngineKind(String djlName, String platform, String backend) {
    this.djlName = djlName;
    this.platform = platform;
    this.backend = backend;
  }

  public String djlName() {
    return djlName;
  }

  /** What Triton calls it in {@code platform}. */
  public String platform() {
    return platform;
  }

  /** What Triton calls it in {@code backend}. */
  public String backend() {
    return backend;
  }
}
