// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.loadtest.Main;
import dev.sluice.loadtest.support.GreeterServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command as a process of its own, and what ends it from outside. */
final class InterruptTest {
  private GreeterServer server;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new GreeterServer();
  }

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
    server.close();
  }

  private Process loadTest(String name, String... flags) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "loadtest",
                "--insecure",
                "-Ojson",
                "-z10m",
                "--call=greet.Greeter/Hello",
                "--proto=" + GreeterServer.proto(),
                "-d{\"name\":\"" + name + "\"}",
                server.host()));
    command.addAll(List.of(flags));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    started.add(process);
    while (server.names.size() < 20) {
      assertThat(process.isAlive()).isTrue();
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    return process;
  }

  private static void reported(Process process) throws IOException, InterruptedException {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    JsonNode report = new ObjectMapper().readTree(out);
    assertThat(report.path("endReason").asText()).isEqualTo("cancel");
    assertThat(report.path("count").asInt()).isGreaterThanOrEqualTo(15);
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void ctrlCEndsWithTheReportOfWhatWasMeasured() throws Exception {
    Process process = loadTest("x", "-r100");
    assumeTrue(CtrlC.send(process), "SIGINT is ignored here, as in a script's background");
    reported(process);
  }

  @Test
  void soDoesBeingToldToEnd() throws Exception {
    Process process = loadTest("x", "-r100");
    process.toHandle().destroy();
    reported(process);
  }

  @Test
  void theSecondTimeItEndsAtOnce() throws Exception {
    // Calls that are never answered, and are waited for.
    Process process = loadTest("hang", "-c20", "-t0", "--duration-stop=wait");
    process.toHandle().destroy();
    assertThat(process.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    process.toHandle().destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
  }
}
