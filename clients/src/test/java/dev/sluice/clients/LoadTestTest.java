// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load tester of the distribution against a server that judges itself, each with its own clock.
 * The client waits for all that the server does and for the way there and back, so that none of its
 * percentiles is below the server's; and on objectives that are met or missed by far, both say the
 * same.
 */
final class LoadTestTest {
  private static final int CALLS = 500;

  /** The server keeps two digits, and shows the upper end of a bucket. */
  private static final double RESOLUTION = 1.0 / 128;

  /** However slow the machine, an answer comes within ten minutes. */
  private static final String OBJECTIVES =
      """
      slo:
        all-minilm-l6-v2:
          - {name: met, percentile: 99, under: 10m, window: 1h}
          - {name: up, availability: 99, window: 1h}
      """;

  @TempDir private static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() throws IOException {
    server = RunningServer.withConfig(Files.writeString(folder.resolve("sluice.yaml"), OBJECTIVES));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Command.Outcome sluice(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("sluice.distribution"), "bin", "sluice").toString());
    command.addAll(Arrays.asList(words));
    return Command.of(command.toArray(String[]::new)).with("SLUICE_CACHE", folder.toString()).run();
  }

  private static JsonNode load(String target, String host) throws Exception {
    Path report = folder.resolve(target + ".json");
    Command.Outcome ran =
        sluice(
            "loadtest",
            "--insecure",
            "--target=" + target,
            "--model=" + RunningServer.MODEL,
            "--server-admin=" + server.admin(),
            "--percentiles=50,95,99",
            "-n" + CALLS,
            "-c2",
            "--slo=p(99)<600s",
            "--slo=p(99)<0.001ms",
            "-Ojson",
            "-o" + report,
            host);
    // 98 where the machine was too busy to tell; what was measured stands in the report.
    assertThat(ran.exitCode()).as(ran.output()).isIn(98, 99);
    return new ObjectMapper().readTree(Files.readString(report));
  }

  private static void assertAgreement(JsonNode report) {
    assertThat(report.path("statusCodeDistribution").toString())
        .isEqualTo("{\"OK\":" + CALLS + "}");
    JsonNode sluice = report.path("sluice");
    assertThat(sluice.path("server").path("durations").path("count").asInt())
        .as("the same calls")
        .isEqualTo(CALLS);
    JsonNode percentiles = sluice.path("percentiles");
    assertThat(percentiles).hasSize(3);
    for (JsonNode percentile : percentiles) {
      double own = percentile.path("server").asDouble();
      assertThat(own).isPositive();
      assertThat(percentile.path("serviceTime").asDouble())
          .as(percentile.toString())
          .isGreaterThanOrEqualTo(own / (1 + RESOLUTION));
    }
    if (sluice.path("selfCheck").path("valid").asBoolean()) {
      JsonNode verdicts = sluice.path("verdicts");
      assertThat(verdicts.get(0).path("state").asText()).isEqualTo("PASS");
      assertThat(verdicts.get(1).path("state").asText()).isEqualTo("FAIL");
    }
  }

  @Test
  void noPercentileOfTheClientIsBelowTheServersOverTheSameCalls() throws Exception {
    assertAgreement(load("sluice", server.grpc()));
    assertAgreement(load("openai", server.http().substring("http://".length())));
    Command.Outcome check = sluice("slo-check", "--url", server.admin());
    assertThat(check.exitCode()).as(check.output()).isZero();
  }
}
