// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.check.ProductKinds;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.gpu.GpuException;
import dev.sluice.kernels.gpu.GpuMemoryException;
import dev.sluice.kernels.gpu.GpuStopwatch;
import dev.sluice.kernels.gpu.GpuStream;
import dev.sluice.kernels.launch.LaunchFailedException;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A card from the first kernel to whole encoders. First whether all is right; then, unless the
 * kernels alone are asked for, what the card could do and what it does. For one thread, but for
 * {@link #soFar}.
 */
public final class CardCheck {
  private final Gpu gpu;
  private final Extent extent;
  private final long seed;
  private final CardReport report;
  private final Consumer<String> progress;
  private final Optional<Rival> rival;

  private final List<KernelVerdict> kernels = new CopyOnWriteArrayList<>();
  private final List<EncoderVerdict> compared = new CopyOnWriteArrayList<>();
  private final List<EncoderTiming> timed = new CopyOnWriteArrayList<>();
  private final List<RivalTiming> rivals = new CopyOnWriteArrayList<>();
  private volatile boolean completed;

  /**
   * @param rival whose encoder is measured beside, not open; whoever gives it closes it
   * @param report lines for people
   * @param progress what begins now
   */
  public CardCheck(
      Gpu gpu,
      Extent extent,
      long seed,
      Optional<Rival> rival,
      Consumer<String> report,
      Consumer<String> progress) {
    this.gpu = gpu;
    this.extent = extent.on(gpu.card().totalBytes());
    this.seed = seed;
    this.rival = rival;
    this.report = new CardReport(report);
    this.progress = progress;
  }

  /** Never throws for what the card does: that is in the result, and was reported. */
  public CardResult run(String cudaVersion, boolean kernelsOnly) {
    CardFacts.lines(gpu, cudaVersion).forEach(report::line);
    try {
      compareKernels();
      if (!kernelsOnly) {
        Kind kind = kind();
        compare(kind);
        measure(kind);
      }
      completed = true;
    } catch (GpuException | LaunchFailedException e) {
      report.line("FAILED: " + e.getMessage());
    }
    return soFar();
  }

  /** What is known by now; any thread may ask. */
  public CardResult soFar() {
    return new CardResult(kernels, compared, timed, rivals, completed);
  }

  private void compareKernels() {
    progress.accept("kernels beside their references");
    report.kernelHead(seed);
    new KernelComparison(gpu, seed, extent.draws())
        .run(
            verdict -> {
              report.kernel(verdict);
              kernels.add(verdict);
            });
  }

  /** As the engine chooses when it loads a model. */
  private Kind kind() {
    ProductKinds.Choice choice = ProductKinds.choose(gpu, new SplittableRandom(seed));
    report.line("");
    report.line(
        choice.kind() == Kind.WARPGROUP
            ? "Products by wgmma, this card's own instructions"
            : "Products by mma.sync, the instructions of every card");
    choice.doubt().ifPresent(doubt -> report.line("wgmma is not used: " + doubt));
    return choice.kind();
  }

  private void compare(Kind kind) {
    report.comparedHead();
    var comparison = new EncoderComparison(gpu, kind, new SplittableRandom(seed));
    for (Extent.Model model : extent.models()) {
      progress.accept(model.name() + " beside its reference");
      unlessTooLarge(
          () -> {
            List<EncoderVerdict> verdicts = comparison.run(model, extent.checkedLayers());
            verdicts.forEach(report::compared);
            compared.addAll(verdicts);
          });
    }
  }

  private void measure(Kind kind) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kind> kinds = kind == Kind.WARP ? List.of(kind) : List.of(Kind.WARP, kind);
    try (GpuStream stream = gpu.stream("timing");
        GpuStopwatch stopwatch = gpu.stopwatch("timing")) {
      StreamTimer timer = new StreamTimer(stream, stopwatch);
      progress.accept("ceilings");
      Ceilings ceilings = new CeilingMeter(gpu, timer, extent, kinds).measure(random);
      report.ceilings(ceilings);
      kernelTimes(new KernelMeter(gpu, timer, extent), kinds, ceilings, random);
      report.encoderHead();
      EncoderMeter meter = new EncoderMeter(gpu, stopwatch, extent, kind, random);
      for (Extent.Model model : extent.models()) {
        progress.accept(model.name() + ", both precisions");
        unlessTooLarge(() -> measure(meter, model, ceilings));
      }
    }
  }

  private void measure(EncoderMeter meter, Extent.Model model, Ceilings ceilings) {
    Optional<RivalTurns> other =
        rival
            .filter(any -> model.name().equals(Extent.BASE))
            .flatMap(any -> RivalTurns.open(any, model.dims(), report::line));
    EncoderMeter.Measured measured = meter.measure(model, ceilings, other);
    report.encoders(measured.timings());
    timed.addAll(measured.timings());
    report.rivals(measured.rivals());
    rivals.addAll(measured.rivals());
  }

  private void kernelTimes(
      KernelMeter meter, List<Kind> kinds, Ceilings ceilings, SplittableRandom random) {
    for (Extent.Model model : extent.models()) {
      progress.accept("kernels as in " + model.name());
      report.timingHead("Kernels as in %s, %d tokens".formatted(model.name(), extent.tokens()));
      unlessTooLarge(() -> report.timings(meter.measure(model, kinds, ceilings, random)));
    }
    progress.accept("search");
    report.timingHead("Search");
    unlessTooLarge(() -> report.timings(meter.measureSearch(ceilings, random)));
  }

  /** A card in use by others, or a small one, still tells what fits. */
  private void unlessTooLarge(Runnable part) {
    try {
      part.run();
    } catch (GpuMemoryException e) {
      report.line("left out: " + e.getMessage());
    }
  }
}
