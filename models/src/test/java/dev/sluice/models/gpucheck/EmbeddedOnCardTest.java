// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real weights of the embedded model, by the engine, on an emulated card. */
class EmbeddedOnCardTest {
  private static final Path EMULATION = Path.of("..", "kernels", "target", "emulation");
  private static final Path BUILD = Path.of("..", "kernels", "src", "emulation", "driver", "build");
  private static final Path CACHE = Path.of("target", "test-cache");
  private static final int MOST_SECONDS = 300;

  private record Ran(int exitCode, String output) {}

  @BeforeAll
  static void buildOrSkip() throws IOException, InterruptedException {
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

  @Test
  void bothPrecisionsAgreeWithTheCpu() throws Exception {
    Ran ran = run("capability=80");
    assertThat(ran.exitCode).as(ran.output).isZero();
    assertThat(ran.output)
        .containsPattern("fp16 +cosine mean (1\\.0{6}|0\\.9{4}\\d\\d), .* agrees\n")
        .containsPattern("int8 +cosine mean 0\\.99[5-9]\\d{3}, .* agrees\n");
  }

  @Test
  void anEngineThatIsWrongDisagrees() throws Exception {
    Ran ran = run("capability=80 skip=sluice_norm");
    assertThat(ran.exitCode).as(ran.output).isEqualTo(1);
    assertThat(ran.output)
        .containsPattern("fp16 .* DISAGREES: the mean must be at least 0\\.9999\n")
        .containsPattern("int8 .* DISAGREES: the mean must be at least 0\\.995\n");
  }

  @Test
  void anEngineThatCannotLoadFails() throws Exception {
    Ran ran = run("init=100");
    assertThat(ran.exitCode).as(ran.output).isEqualTo(1);
    assertThat(ran.output)
        .contains("FAILED: SluiceCuda is absent: the NVIDIA driver finds no card");
  }

  private static Ran run(String faults) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedMain.class.getName(),
                CACHE.toString())
            .redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().put("LD_LIBRARY_PATH", EMULATION.toRealPath().toString());
    builder.environment().put("SLUICE_EMULATED_DRIVER", faults);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), output);
  }
}
