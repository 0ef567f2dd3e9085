// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice quantize} as a process that somebody stops. */
final class QuantizeProcessTest {
  @TempDir private Path folder;

  @Test
  void ctrlCLeavesNeitherFilesNorProcesses() throws Exception {
    CtrlC.assumeHeard();
    Process quantize = start();
    try (BufferedReader progress = quantize.errorReader(StandardCharsets.UTF_8)) {
      String line = progress.readLine();
      while (line != null && !line.contains("calibrating")) {
        line = progress.readLine();
      }
      assertThat(line).as("it is under way").isNotNull();
      List<ProcessHandle> children = quantize.descendants().toList();
      assertThat(children).isNotEmpty();
      assertThat(left()).hasSize(1);
      CtrlC.send(quantize);
      assertThat(quantize.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(quantize.exitValue()).isEqualTo(130);
      for (ProcessHandle child : children) {
        assertThat(child.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
      }
      assertThat(left()).isEmpty();
    } finally {
      quantize.destroyForcibly();
    }
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "dev.sluice.server.Main",
            "quantize",
            "all-minilm-l6-v2",
            "-o",
            folder.resolve("made").toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("SLUICE_MODELS_CACHE_DIRECTORY", TestServer.CACHE.toString());
    return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }
}
