// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.models.gpucheck.GpuCheck;
import dev.sluice.models.gpucheck.GpuCheckOutcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code sluice gpu-check}. */
public final class GpuCheckCommand implements Callable<Integer> {
  /** There is no card: neither good nor bad. */
  private static final int NO_GPU = 3;

  private final Path home;
  private final Path cache;
  private final LongSupplier nanoTime;
  private final CommandSpec spec;

  /**
   * @param home the distribution's folder
   * @param cache where the embedded model is unpacked
   * @param nanoTime also where a seed comes from that nobody gave
   */
  public GpuCheckCommand(Path home, Path cache, LongSupplier nanoTime) {
    this.home = home;
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("gpu-check");
    spec.usageMessage()
        .description(
            "Whether Sluice's kernels are right on this machine's NVIDIA card, and how fast: every"
                + " kernel and encoder beside its reference, what the card could do at most and"
                + " what it does, the embedded model beside FP32 on the CPU, and texts through a"
                + " server. Needs the driver and nothing else; takes a few minutes of the first"
                + " card.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "The last line is",
            "  RESULT kernels_ok=<n>/<n> fp16_ceiling_share_base_128=<..>"
                + " int8_vs_fp16_base_128=<..>",
            "         vs_pytorch_base_128=<..> grpc_texts_per_s_minilm=<..>",
            "with n/a for what was not measured; the lines above say why.",
            "Exit codes: 0 all agrees, 1 something disagrees or failed, 2 bad usage, 3 there is no",
            "GPU, which is said.");
    flag("--quick", "Fewer draws, rounds and sizes: to see that it works");
    flag("--kernels-only", "Compare the kernels with their references and stop");
    spec.addOption(
        OptionSpec.builder("--seed")
            .paramLabel("N")
            .type(Long.class)
            .description("Of all that is drawn; default: another each time, which is told")
            .build());
  }

  public CommandSpec spec() {
    return spec;
  }

  private void flag(String name, String what) {
    spec.addOption(OptionSpec.builder(name).type(boolean.class).description(what).build());
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    boolean quick = given("--quick", false);
    GpuCheck.Plan plan =
        new GpuCheck.Plan(
            given("--seed", nanoTime.getAsLong() & Integer.MAX_VALUE),
            quick,
            given("--kernels-only", false),
            cache);
    return switch (new GpuCheck(plan, out::println, progress::println).run()) {
      case GpuCheckOutcome.Absent absent -> {
        progress.println("sluice: no GPU: " + absent.reason());
        yield NO_GPU;
      }
      case GpuCheckOutcome.Checked checked -> {
        OptionalDouble texts =
            plan.kernelsOnly()
                ? OptionalDouble.empty()
                : new TextsThroughServer(home, quick, nanoTime, out, progress).perSecond();
        yield end(checked, texts, out);
      }
    };
  }

  private static int end(GpuCheckOutcome.Checked checked, OptionalDouble texts, PrintWriter out) {
    out.println();
    out.println("PyTorch is not compared with: no distribution of Sluice has it for CUDA");
    out.println(ResultLine.of(checked, texts));
    out.flush();
    return checked.agrees() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }
}
