// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import dev.sluice.models.gpucheck.GpuCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** {@code sluice gpu-check}. */
public final class GpuCheckCommand implements Callable<Integer> {
  private static final int USUAL_LIMIT_SECONDS = 300;
  private static final String USUAL_PYTHON = "python3";

  private final Path home;
  private final Path cache;
  private final LongSupplier nanoTime;
  private final Supplier<LocalDate> today;
  private final IntConsumer exit;
  private final CommandSpec spec;

  /**
   * @param home the distribution's folder
   * @param cache where the embedded model is unpacked
   * @param nanoTime also where a seed comes from that nobody gave
   * @param exit ends the process, whatever its threads are at
   */
  public GpuCheckCommand(
      Path home, Path cache, LongSupplier nanoTime, Supplier<LocalDate> today, IntConsumer exit) {
    this.home = home;
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.today = today;
    this.exit = exit;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("gpu-check");
    spec.usageMessage()
        .description(
            "Whether Sluice's kernels are right on this machine's NVIDIA card, and how fast: every"
                + " kernel and encoder beside its reference, what the card could do at most and"
                + " what it does, PyTorch beside it, the embedded model beside FP32 on the CPU, and"
                + " texts through a server. Needs the driver and nothing else; takes a few minutes"
                + " of the first card.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "The last line is",
            "  RESULT kernels_ok=<n>/<n> fp16_ceiling_share_base_128=<..>"
                + " int8_vs_fp16_base_128=<..>",
            "         vs_pytorch_base_128=<..> grpc_texts_per_s_minilm=<..>",
            "with n/a for what was not measured; the lines above say why.",
            "Ctrl-C ends it with that line, of what is known by then.",
            "Exit codes: 0 all agrees, 1 something disagrees, failed or hangs, 2 bad usage,",
            "3 there is no GPU, which is said, 130 interrupted.");
    flag("--quick", "Fewer draws, rounds and sizes: to see that it works");
    flag("--kernels-only", "Compare the kernels with their references and stop");
    spec.addOption(
        OptionSpec.builder("--seed")
            .paramLabel("N")
            .type(Long.class)
            .description("Of all that is drawn; default: another each time, which is told")
            .build());
    spec.addOption(
        OptionSpec.builder("--pytorch")
            .paramLabel("PYTHON")
            .type(String.class)
            .description(
                "The interpreter whose PyTorch is compared with, none for no comparison; default: "
                    + USUAL_PYTHON
                    + ", none with --quick")
            .build());
    spec.addOption(
        OptionSpec.builder("--limit")
            .paramLabel("SECONDS")
            .type(Integer.class)
            .description(
                "A part that takes longer is given up, and all with it; default: "
                    + USUAL_LIMIT_SECONDS)
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
    int limitSeconds = given("--limit", USUAL_LIMIT_SECONDS);
    if (limitSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit must be at least 1, not " + limitSeconds);
    }
    boolean quick = given("--quick", false);
    GpuCheck.Plan plan =
        new GpuCheck.Plan(
            given("--seed", nanoTime.getAsLong() & Integer.MAX_VALUE),
            quick,
            given("--kernels-only", false),
            cache);
    CommandLine line = spec.commandLine();
    return new GpuCheckRun(
            plan,
            // To compile takes PyTorch longer than all else that is quick.
            given("--pytorch", quick ? GpuCheckRun.NO_PYTORCH : USUAL_PYTHON),
            Duration.ofSeconds(limitSeconds),
            home,
            new Printout(line.getOut(), line.getErr()),
            nanoTime,
            today,
            exit)
        .exitCode();
  }

  private <T> T given(String flag, T otherwise) {
    return spec.commandLine().getParseResult().matchedOptionValue(flag, otherwise);
  }
}
