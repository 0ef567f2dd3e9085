// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.gpu.GpuOpening;
import dev.sluice.kernels.measure.CardCheck;
import dev.sluice.kernels.measure.CardFacts;
import dev.sluice.kernels.measure.CardResult;
import dev.sluice.kernels.measure.Extent;
import dev.sluice.kernels.measure.Rival;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All of a card's check that needs no server. For one thread, but for {@link #soFar}. */
public final class GpuCheck {
  private static final int FIRST_CARD = 0;
  private static final int QUICK_TEXTS = 8;
  private static final int TEXTS = 64;

  private final Plan plan;
  private final Optional<Rival> rival;
  private final Consumer<String> report;
  private final Consumer<String> progress;
  private volatile @Nullable Running running;

  private record Running(CardCheck check, String card, String driver) {
    GpuCheckOutcome.Checked outcome(boolean variants) {
      CardResult result = check.soFar();
      return new GpuCheckOutcome.Checked(
          card,
          driver,
          result.agrees() && variants,
          result.kernelsThatAgree(),
          result.kernels().size(),
          result.ceilingShare(),
          result.bytesToHalves(),
          result.speedup());
    }
  }

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
   * @param contestant whose encoder is measured beside; whoever gives it closes it
   * @param report lines for people
   * @param progress what begins now
   */
  public GpuCheck(
      Plan plan,
      Optional<? extends Contestant> contestant,
      Consumer<String> report,
      Consumer<String> progress) {
    this.plan = plan;
    this.rival = contestant.map(RivalOfKernels::new);
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

  /** What is known by now, good or bad; empty before there is a card. Any thread may ask. */
  public Optional<GpuCheckOutcome.Checked> soFar() {
    return Optional.ofNullable(running).map(now -> now.outcome(true));
  }

  private GpuCheckOutcome check(Gpu card, String cudaVersion) {
    Extent extent = plan.quick() ? Extent.quick() : Extent.full();
    CardCheck check = new CardCheck(card, extent, plan.seed(), rival, report, progress);
    Running now = new Running(check, card.card().name(), CardFacts.driver(cudaVersion));
    running = now;
    boolean completed = check.run(cudaVersion, plan.kernelsOnly()).completed();
    close(card);
    boolean variants =
        plan.kernelsOnly()
            || !completed
            || new EmbeddedOnCard(plan.cache(), report, progress).agrees(texts());
    return now.outcome(variants);
  }

  private void close(Gpu card) {
    try {
      card.close();
    } catch (GpuException e) {
      report.accept("closing the card: " + e.getMessage());
    }
  }

  private int texts() {
    return plan.quick() ? QUICK_TEXTS : TEXTS;
  }
}
