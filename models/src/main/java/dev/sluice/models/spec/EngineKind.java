// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

/** What runs a model: one of DJL's engines, by its name there, or nothing at all. */
public enum EngineKind {
  ONNX_RUNTIME("OnnxRuntime", "onnxruntime_onnx", "onnxruntime"),
  PYTORCH("PyTorch", "pytorch_libtorch", "pytorch"),
  /** Gives its inputs back as its outputs; has no model file. Triton knows it by backend alone. */
  IDENTITY("", "", "identity");

  private final String djlName;
  private final String platform;
  private final String backend;

  EngineKind(String djlName, String platform, String backend) {
    this.djlName = djlName;
    this.platform = platform;
    this.backend = backend;
  }

  /** Whether it runs a model file, as all of DJL's engines do. */
  public boolean runsFiles() {
    return this != IDENTITY;
  }

  /** Empty for what is not DJL's. */
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
