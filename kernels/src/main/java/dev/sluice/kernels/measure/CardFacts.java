// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.CudaCard;
import dev.sluice.kernels.gpu.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which card and driver these are, in words. */
public final class CardFacts {
  private static final Path VERSION_FILE = Path.of("/proc/driver/nvidia/version");
  private static final Pattern VERSION = Pattern.compile(" ([0-9]{2,4}\\.[0-9.]+) ");
  private static final double GIB = 1 << 30;

  private CardFacts() {}

  /**
   * @param cudaVersion the newest that the driver runs
   */
  static List<String> lines(Gpu gpu, String cudaVersion) {
    CudaCard card = gpu.card();
    String free =
        card.freeBytes().isPresent()
            ? ", %.1f GiB free".formatted(card.freeBytes().getAsLong() / GIB)
            : "";
    return List.of(
        "card    %s, compute capability %s, %d multiprocessors at up to %d MHz"
            .formatted(
                card.name(),
                card.computeCapability(),
                gpu.multiprocessors(),
                gpu.clockKilohertz() / 1000),
        String.format(Locale.ROOT, "memory  %.1f GiB%s", card.totalBytes() / GIB, free),
        "driver  " + driver(cudaVersion));
  }

  /**
   * The driver's version where it is told, and what it runs.
   *
   * @param cudaVersion the newest that the driver runs
   */
  public static String driver(String cudaVersion) {
    return "%s, runs CUDA up to %s".formatted(driver().orElse("NVIDIA"), cudaVersion);
  }

  /** As the kernel module tells it; not every container shows the file. */
  private static Optional<String> driver() {
    try {
      Matcher version = VERSION.matcher(Files.readString(VERSION_FILE));
      return version.find() ? Optional.of(version.group(1)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
