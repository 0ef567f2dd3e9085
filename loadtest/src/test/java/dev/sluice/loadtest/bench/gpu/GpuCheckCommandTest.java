// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.loadtest.Main;
import dev.sluice.loadtest.command.CtrlC;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code sluice gpu-check} in a process of its own, as the driver is looked for once per process:
 * without a card, and with the one that kernels' tests emulate.
 */
class GpuCheckCommandTest {
  private static final Path EMULATION = Path.of("..", "kernels", "target", "emulation");
  private static final Path BUILD = Path.of("..", "kernels", "src", "emulation", "driver", "build");
  private static final int MOST_SECONDS = 300;
  private static final String[] KERNELS = {"--quick", "--kernels-only"};

  @TempDir private Path folder;

  private record Ran(int exitCode, List<String> lines, String err) {
    String result() {
      return lines.getLast();
    }
  }

  @Test
  void withoutADriverThereIsNoGpuAndItSaysWhy() throws Exception {
    // Where there is a driver it shows no card.
    Ran ran = run(List.of("CUDA_VISIBLE_DEVICES="));
    assertThat(ran.exitCode).as(ran.err).isEqualTo(3);
    assertThat(ran.err).matches("sluice: no GPU: [^\n]*(libcuda\\.so\\.1|driver)[^\n]*\n");
    assertThat(ran.lines).isEmpty();
  }

  @Test
  void withADriverThatFindsNoCardItSaysSo() throws Exception {
    Ran ran = emulated("init=100");
    assertThat(ran.exitCode).as(ran.err).isEqualTo(3);
    assertThat(ran.err).isEqualTo("sluice: no GPU: the NVIDIA driver finds no card\n");
  }

  @Test
  void everyKernelHasALineAndTheLastLineIsForScripts() throws Exception {
    Ran ran = emulated("", "--quick", "--kernels-only", "--seed", "42");
    assertThat(ran.exitCode).as(ran.err).isZero();
    assertThat(ran.lines)
        .contains("Kernels beside their references, on data drawn from seed 42")
        .anyMatch(line -> line.startsWith("card    Emulated card, compute capability 9.0, "))
        .anyMatch(line -> line.equals("driver  NVIDIA, runs CUDA up to 13.0"))
        .anyMatch(line -> line.matches("gemm_s8_warpgroup +1 +\\d+ % agrees"));
    assertThat(ran.lines).filteredOn(line -> line.endsWith(" agrees")).hasSize(13);
    assertThat(ran.result())
        .isEqualTo(
            "RESULT kernels_ok=13/13 fp16_ceiling_share_base_128=n/a int8_vs_fp16_base_128=n/a"
                + " vs_pytorch_base_128=n/a grpc_texts_per_s_minilm=n/a");
    assertThat(ran.err).matches(" *\\d+ s  kernels beside their references\n");
    String row = ran.lines.get(ran.lines.size() - 2);
    assertThat(row)
        .matches(
            "\\| \\d{4}-\\d\\d-\\d\\d \\| Emulated card \\| NVIDIA, runs CUDA up to 13\\.0 \\| 13/13"
                + "( \\| n/a){4} \\|");
    List<String> again = emulated("", "--quick", "--kernels-only", "--seed", "42").lines;
    assertThat(again.subList(0, again.size() - 2))
        .as("the same seed draws the same")
        .isEqualTo(ran.lines.subList(0, ran.lines.size() - 2));
  }

  @Test
  void aKernelThatDisagreesFailsTheCheckAndIsNamed() throws Exception {
    Ran ran = emulated("skip=sluice_pool", KERNELS);
    assertThat(ran.exitCode).as(ran.err).isEqualTo(1);
    assertThat(ran.lines).anyMatch(line -> line.matches("pool +1 .* DISAGREES: draw 1: pool, .*"));
    assertThat(ran.result()).startsWith("RESULT kernels_ok=12/13 ");
  }

  @Test
  void aFaultFailsEveryKernelFromThereOn() throws Exception {
    Ran ran = emulated("capability=80 fault=1:700", KERNELS);
    assertThat(ran.exitCode).as(ran.err).isEqualTo(1);
    assertThat(ran.lines)
        .anyMatch(line -> line.matches("topk_s8 .* DISAGREES: .*CUDA_ERROR_ILLEGAL_ADDRESS.*"));
    assertThat(ran.result()).startsWith("RESULT kernels_ok=0/11 ");
  }

  @Test
  void aCardThatHangsIsGivenUpAndWhatIsKnownIsSaid() throws Exception {
    Ran ran = emulated("capability=80 hang=8", "--quick", "--kernels-only", "--limit", "2");
    assertThat(ran.exitCode).as(ran.err).isEqualTo(1);
    assertThat(ran.lines)
        .contains(
            "FAILED: 'kernels beside their references' has not ended after 2 s: the driver or the"
                + " card hangs, or others use it");
    assertThat(ran.result()).matches("RESULT kernels_ok=(\\d)/\\1 .*");
  }

  @Test
  void ctrlCEndsItWithWhatIsKnown() throws Exception {
    buildOrSkip();
    Process process = start(environment("capability=80 hang=8"), KERNELS);
    try {
      Path out = folder.resolve("out");
      while (Files.readAllLines(out).stream().noneMatch(line -> line.endsWith(" agrees"))) {
        assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
            .as(Files.readString(folder.resolve("err")))
            .isFalse();
      }
      List<ProcessHandle> card = process.descendants().toList();
      assumeTrue(CtrlC.send(process), "SIGINT is ignored here, as in a script's background");
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
      List<String> lines = Files.readAllLines(out);
      assertThat(lines.get(lines.size() - 2)).isEqualTo("interrupted");
      assertThat(lines.getLast()).matches("RESULT kernels_ok=([1-9]\\d*)/\\1 .*");
      for (ProcessHandle each : card) {
        each.onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aLimitThatIsNoneIsBadUsage() throws Exception {
    Ran ran = run(List.of(), "--limit", "0");
    assertThat(ran.exitCode).isEqualTo(2);
    assertThat(ran.err).startsWith("sluice: --limit must be at least 1, not 0\n");
  }

  private static List<String> environment(String faults) throws IOException {
    return List.of("LD_LIBRARY_PATH=" + EMULATION.toRealPath(), "SLUICE_EMULATED_DRIVER=" + faults);
  }

  /**
   * @param faults in the words of the emulated driver
   */
  private Ran emulated(String faults, String... arguments) throws Exception {
    buildOrSkip();
    return run(environment(faults), arguments);
  }

  private static void buildOrSkip() throws IOException, InterruptedException {
    for (String tool : List.of("g++", "bash")) {
      if (Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
          .noneMatch(path -> Path.of(path, tool).toFile().canExecute())) {
        String why = "no " + tool + " here: the kernels' host emulation is not built";
        System.out.println(why);
        Assumptions.abort(why);
      }
    }
    Process build =
        new ProcessBuilder("bash", BUILD.toString(), EMULATION.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(build.getInputStream().readAllBytes(), UTF_8);
    assertThat(build.waitFor()).as(output).isZero();
  }

  private Ran run(List<String> environment, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(environment, arguments);
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(
        process.waitFor(),
        Files.readAllLines(folder.resolve("out")),
        Files.readString(folder.resolve("err")));
  }

  private Process start(List<String> environment, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "gpu-check"));
    command.addAll(Arrays.asList(arguments));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    for (String variable : environment) {
      int equals = variable.indexOf('=');
      builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    return builder.start();
  }
}
