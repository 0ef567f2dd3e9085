// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** MLPerf's scenarios against a real server: what is sent, and what stands among the verdicts. */
final class ScenariosTest {
  private static JsonNode run(InferenceServer server, String... flags) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("--insecure", "--target=sluice", "-Ojson", server.host()));
    args.addAll(Arrays.asList(flags));
    LoadTest ran = LoadTest.run(args.toArray(String[]::new));
    assertThat(ran.code()).as(ran.err()).isIn(0, 98);
    return ran.json();
  }

  private static JsonNode last(JsonNode report) {
    JsonNode verdicts = report.path("sluice").path("verdicts");
    return verdicts.get(verdicts.size() - 1);
  }

  @Test
  void eachHasItsMetric() throws Exception {
    try (InferenceServer server = new InferenceServer()) {
      JsonNode single = last(run(server, "--scenario=single", "-n70"));
      assertThat(single.path("demand").asText()).isEqualTo("single-stream: latency of 90 %");
      assertThat(single.path("observed").asText()).endsWith(" ms");

      server.embeds.clear();
      JsonNode multi = last(run(server, "--scenario=multi", "-n5"));
      assertThat(multi.path("demand").asText()).isEqualTo("multi-stream: latency of 99 %");
      assertThat(multi.path("moreSamples").asInt()).isEqualTo(657);
      assertThat(server.embeds)
          .hasSize(5)
          .allSatisfy(request -> assertThat(request.getInputsCount()).isEqualTo(8));

      JsonNode rated = last(run(server, "--scenario=server", "-r100", "-n20", "--slo=count>0"));
      assertThat(rated.path("demand").asText()).isEqualTo("server: calls per second");

      JsonNode offline = last(run(server, "--scenario=offline", "-n30", "--inputs=100"));
      assertThat(offline.path("state").asText()).isEqualTo("INCONCLUSIVE");
      assertThat(offline.path("reason").asText()).startsWith("3000 of 24576 samples");
    }
  }
}
