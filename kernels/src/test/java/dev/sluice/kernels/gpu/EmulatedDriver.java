// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.kernels.emulation.EmulationBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs scenarios with src/emulation/driver in place of the NVIDIA driver. Each has a process of its
 * own: the library is found through that one's environment, and faults last until its end.
 */
final class EmulatedDriver {
  private static final long MOST_SECONDS = 300;

  /**
   * What came of a process.
   *
   * @param output of the scenario
   * @param complaints of the driver, above all of what was never given back
   */
  record Outcome(int exitCode, String output, String complaints) {}

  private EmulatedDriver() {}

  static void buildOrSkip() throws IOException, InterruptedException {
    EmulationBuild.runOrSkip("src/emulation/driver/build");
  }

  static Outcome run(Scenario scenario, Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Path complaints = folder.resolve("complaints");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ScenarioMain.class.getName(),
                    scenario.name()))
            .redirectOutput(output.toFile())
            .redirectError(complaints.toFile());
    builder.environment().put("LD_LIBRARY_PATH", EmulationBuild.FOLDER.toFile().getAbsolutePath());
    builder.environment().put("SLUICE_EMULATED_DRIVER", scenario.faults());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Outcome(process.waitFor(), read(output), read(complaints));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, UTF_8);
  }
}
