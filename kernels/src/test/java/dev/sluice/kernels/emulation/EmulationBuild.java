// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Builds what src/emulation holds, unless it is there and no source has changed. */
public final class EmulationBuild {
  public static final Path FOLDER = Path.of("target", "emulation");

  private EmulationBuild() {}

  /**
   * Runs the script, or prints why that cannot be done on this machine and skips the tests.
   *
   * @throws IOException where there is a compiler and it does not like the sources
   */
  public static void runOrSkip(String script) throws IOException, InterruptedException {
    Optional<String> absent = run(script);
    absent.ifPresent(System.out::println);
    Assumptions.assumeTrue(absent.isEmpty(), absent.orElse(""));
  }

  private static Optional<String> run(String script) throws IOException, InterruptedException {
    for (String tool : new String[] {"g++", "bash"}) {
      if (!onPath(tool)) {
        return Optional.of("no " + tool + " here: the kernels' host emulation is not built");
      }
    }
    Process build =
        new ProcessBuilder("bash", script, FOLDER.toString()).redirectErrorStream(true).start();
    String output = new String(build.getInputStream().readAllBytes(), UTF_8);
    if (build.waitFor() != 0) {
      throw new IOException(script + " failed:\n" + output);
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
}
