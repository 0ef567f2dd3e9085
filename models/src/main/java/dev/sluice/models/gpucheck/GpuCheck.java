// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.gpu.GpuOpening;
import dev.sluice.kernels.measure.CardCheck;
import dev.sluice.kernels.measure.CardResult;
import dev.sluice.kernels.measure.Extent;
import java.nio.file.Path;
import java.util.function.Consumer;

/** All of a card's check that needs no server. For one thread. */
public final class GpuCheck {
  private static final int FIRST_CARD = 0;
  private static final int QUICK_TEXTS = 8;
  private static final int TEXTS = 64;

  private final Plan plan;
  private final Consumer<String> report;
  private final Consumer<String> progress;

  /**
   * What to check.
   *
   * @param seed of everything that is drawn
   * @param quick whether it is enough to see that everything works
   * @param kernelsOnly whether to stop behind the kernels
   * @param cache where the embedded model is unpacked
   */
  public record Plan(long seed, boolean quick, boolean kernelsOnly, Path cache) {}

  /**
   * @param report lines for people
   * @param progress what begins now
   */
  public GpuCheck(Plan plan, Consumer<String> report, Consumer<String> progress) {
    this.plan = plan;
    this.report = report;
    this.progress = progress;
  }

  /** Never throws for want of a card, or for what a card does. */
  public GpuCheckOutcome run() {
    return switch (CudaDevices.probe()) {
      case CudaProbe.Absent absent -> new GpuCheckOutcome.Absent(absent.reason());
      case CudaProbe.Present present ->
          switch (Gpu.open(FIRST_CARD, Long.MAX_VALUE)) {
            case GpuOpening.Absent absent -> new GpuCheckOutcome.Absent(absent.reason());
            case GpuOpening.Opened opened -> check(opened.gpu(), present.cudaVersion());
          };
    };
  }

  private GpuCheckOutcome check(Gpu card, String cudaVersion) {
    CardResult result = checkCard(card, cudaVersion);
    boolean served = !plan.kernelsOnly() && result.completed();
    boolean variants =
        !served || new EmbeddedOnCard(plan.cache(), report, progress).agrees(texts());
    return new GpuCheckOutcome.Checked(
        result.agrees() && variants,
        result.kernelsThatAgree(),
        result.kernels().size(),
        result.ceilingShare(),
        result.bytesToHalves());
  }

  private CardResult checkCard(Gpu card, String cudaVersion) {
    Extent extent = plan.quick() ? Extent.quick() : Extent.full();
    CardResult result =
        new CardCheck(card, extent, plan.seed(), report, progress)
            .run(cudaVersion, plan.kernelsOnly());
    try {
      card.close();
    } catch (GpuException e) {
      report.accept("closing the card: " + e.getMessage());
    }
    return result;
  }

  private int texts() {
    return plan.quick() ? QUICK_TEXTS : TEXTS;
  }
}
