// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.engine;

import dev.sluice.loadtest.bench.MeasuringFlags;
import dev.sluice.loadtest.bench.TemporaryFolder;
import dev.sluice.loadtest.bench.engine.EngineBench.Plan;
import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.DeviceChoice;
import dev.sluice.models.spec.ModelSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sluice bench engine}. */
public final class EngineBenchCommand implements Callable<Integer> {
  private static final double MOST_SECONDS = 60;

  private final Path cache;
  private final LongSupplier nanoTime;
  private final CommandSpec spec;
  private final MeasuringFlags flags;

  /**
   * @param cache where the embedded model is unpacked
   */
  public EngineBenchCommand(Path cache, LongSupplier nanoTime) {
    this.cache = cache;
    this.nanoTime = nanoTime;
    this.spec = CommandSpec.wrapWithoutInspection(this).name("engine");
    spec.usageMessage()
        .description(
            "The embedded model in each precision on this machine's processor, beside ONNX Runtime"
                + " as it comes with the untouched file: tokens per second, nearness to FP32, and"
                + " the share of what the processor could do. In turns, in one process.")
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .footer(
            "",
            "The last line is, medians of all rounds, for INT8 as it is served by default,",
            "  RESULT int8_vs_stock_fp32_<tokens>=<ratio>... int8_cos_mean=<..> int8_cos_p1=<..>",
            "         int8_batch_cos_min=<..> int8_ceiling_share=<..> fp32_vs_stock_fp32_128=<..>",
            "Exit codes: 0 all targets are met, 1 one is missed, 2 bad usage.");
    flags = new MeasuringFlags(spec);
    flags.add("15", "0.4", "Five rounds where not said otherwise: to see that it works");
  }

  public CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan = plan();
    CommandLine line = spec.commandLine();
    PrintWriter progress = line.getErr();
    try {
      EngineReport report = run(plan, progress);
      report.print(line.getOut());
      return report.meetsTargets() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (EngineException failed) {
      progress.println("sluice: " + failed.getMessage());
    } catch (ExecutionException failed) {
      progress.println("sluice: a run failed: " + failed.getCause());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private EngineReport run(Plan plan, PrintWriter progress)
      throws EngineException, ExecutionException, IOException, InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    Path folder = TemporaryFolder.create();
    ModelSpec embedded = EmbeddedModel.allMiniLmL6V2(cache);
    ModelSpec model = embedded.withSettings(embedded.settings().withDevice(DeviceChoice.CPU));
    try (Peaks peaks = new Peaks(new DjlEngines(), folder, cores);
        Contenders contenders = new Contenders(model, folder, cores, progress::println)) {
      EngineBench bench = new EngineBench(plan, nanoTime, progress::println);
      return new EngineReport(bench.run(contenders.load(), peaks));
    }
  }

  private Plan plan() {
    return new Plan(
        List.of(16, 128, 256),
        flags.rounds(flags.quick() ? 5 : 15),
        flags.seconds(0.4, MOST_SECONDS));
  }
}
