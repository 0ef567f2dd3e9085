// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs a program of the test class path with the emulated driver of {@code kernels} in place of
 * NVIDIA's, in a process of its own: the library is found through that one's environment.
 */
public final class EmulatedCard {
  private static final Path SOURCES = Path.of("..", "kernels", "src", "emulation", "driver");
  private static final Path FOLDER = Path.of("..", "kernels", "target", "emulation");
  private static final long MOST_SECONDS = 600;

  /** What came of a process, and all that it said. */
  public record Outcome(int exitCode, String output) {}

  private EmulatedCard() {}

  /** Builds the driver, or prints why that cannot be done on this machine and skips the tests. */
  public static void buildOrSkip() throws IOException, InterruptedException {
    Optional<String> absent = build();
    absent.ifPresent(System.out::println);
    Assumptions.assumeTrue(absent.isEmpty(), absent.orElse(""));
  }

  private static Optional<String> build() throws IOException, InterruptedException {
    for (String tool : List.of("g++", "bash")) {
      if (!onPath(tool)) {
        return Optional.of("no " + tool + " here: no card is emulated");
      }
    }
    Process build =
        new ProcessBuilder("bash", SOURCES.resolve("build").toString(), FOLDER.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(build.getInputStream().readAllBytes(), UTF_8);
    if (build.waitFor() != 0) {
      throw new IOException("the emulated driver cannot be built:\n" + output);
    }
    return Optional.empty();
  }

  private static boolean onPath(String tool) {
    for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Path.of(folder, tool).toFile().canExecute()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Where a process finds the emulated driver.
   *
   * @param faults in the words of {@code faults.h} beside the driver
   */
  public static Map<String, String> environment(String faults) throws IOException {
    return Map.of(
        "LD_LIBRARY_PATH", FOLDER.toFile().getCanonicalPath(), "SLUICE_EMULATED_DRIVER", faults);
  }

  /**
   * @param faults in the words of {@code faults.h} beside the driver
   * @param folder for what it says
   */
  public static Outcome run(Class<?> main, String faults, Path folder, String... arguments)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment(faults));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Outcome(process.waitFor(), Files.readString(output, UTF_8));
  }
}
