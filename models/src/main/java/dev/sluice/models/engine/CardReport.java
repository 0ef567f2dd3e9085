// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.kernels.CudaCard;
import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The NVIDIA cards of this machine, in words for the operator.
 *
 * @param cards one line each
 * @param absent why there are none; empty when there are some
 */
public record CardReport(List<String> cards, Optional<String> absent) {
  public CardReport {
    cards = List.copyOf(cards);
  }

  /** Asks the driver; may take some hundred milliseconds per card. */
  public static CardReport look() {
    return of(CudaDevices.probe());
  }

  static CardReport of(CudaProbe probe) {
    return switch (probe) {
      case CudaProbe.Absent none -> new CardReport(List.of(), Optional.of(none.reason()));
      case CudaProbe.Present found ->
          new CardReport(
              found.cards().stream().map(card -> line(card, found.cudaVersion())).toList(),
              Optional.empty());
    };
  }

  private static String line(CudaCard card, String cudaVersion) {
    String free =
        card.freeBytes().isPresent()
            ? gibibytes(card.freeBytes().getAsLong()) + " free"
            : "in use by somebody who lets nobody else in";
    return "gpu:%d %s, compute capability %s, %s, %s; the driver runs CUDA up to %s"
        .formatted(
            card.index(),
            card.name(),
            card.computeCapability(),
            gibibytes(card.totalBytes()),
            free,
            cudaVersion);
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
