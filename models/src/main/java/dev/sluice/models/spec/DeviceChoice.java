// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.spec;

/** Where the operator wants a model to run: {@code auto}, {@code cpu} or {@code gpu:N}. */
public sealed interface DeviceChoice {
  /** The first GPU if there is one that the engine can use, else the CPU. */
  record Auto() implements DeviceChoice {}

  record Cpu() implements DeviceChoice {}

  /** That GPU, or the model is not served. */
  record Gpu(int index) implements DeviceChoice {}

  DeviceChoice AUTO = new Auto();
  DeviceChoice CPU = new Cpu();

  /** Reads {@code auto}, {@code cpu}, {@code gpu} (the first) or {@code gpu:N}. */
  static DeviceChoice parse(String text) {
    return switch (text) {
      case "auto" -> AUTO;
      case "cpu" -> CPU;
      case "gpu" -> new Gpu(0);
      default -> {
        if (!text.matches("gpu:[0-9]{1,3}")) {
          throw new IllegalArgumentException(
              "device must be auto, cpu, gpu or gpu:N, not '" + text + "'");
        }
        yield new Gpu(Integer.parseInt(text.substring("gpu:".length())));
      }
    };
  }
}
