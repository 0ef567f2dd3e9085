// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The load tester of the distribution, by the name that ghz's users know, against its server. */
@ExtendWith(SharedServer.class)
final class GhzTest {
  private final RunningServer server;
  @TempDir private Path folder;

  GhzTest(RunningServer server) {
    this.server = server;
  }

  @Test
  void aServerThatDescribesItselfIsLoadedAndReported() throws Exception {
    Path report = folder.resolve("report.json");
    Command.Outcome ran =
        Command.of(
                Path.of(System.getProperty("sluice.distribution"), "bin", "ghz").toString(),
                "--insecure",
                "--call=sluice.v1.EmbeddingService/Embed",
                "-d",
                "{\"inputs\":[{\"text\":\"water finds its way, {{.RequestNumber}}\"}]}",
                "-n40",
                "-c4",
                "--connections=2",
                "--slo=errors==0",
                "-O",
                "json",
                "-o",
                report.toString(),
                server.grpc())
            .with("SLUICE_CACHE", folder.toString())
            .run();
    JsonNode json = new ObjectMapper().readTree(Files.readString(report));
    assertThat(json.path("statusCodeDistribution").toString())
        .as(ran.output())
        .isEqualTo("{\"OK\":40}");
    assertThat(json.path("details")).hasSize(40);
    // 98 where the machine was too busy to tell; what was measured stands in the report.
    assertThat(ran.exitCode()).as(ran.output()).isIn(0, 98);
  }
}
