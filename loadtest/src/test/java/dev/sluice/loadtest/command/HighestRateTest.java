// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.LoadTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A search against a real server. Whether a rate is met is the machine's business here; what is
 * done at each, and what is said of it, is not.
 */
final class HighestRateTest {
  private static LoadTest search(String name, String slo) throws Exception {
    try (GreeterServer server = new GreeterServer()) {
      return LoadTest.run(
          "--insecure",
          "--proto=" + GreeterServer.proto(),
          "--call=greet.Greeter/Hello",
          "-d{\"name\":\"" + name + "\"}",
          "--find-max-rps=50:100:50",
          "--slo=" + slo,
          "-z100ms",
          "-Ojson",
          server.host());
    }
  }

  private static JsonNode verdict(LoadTest ran) {
    JsonNode verdicts = ran.json().path("sluice").path("verdicts");
    return verdicts.get(verdicts.size() - 1);
  }

  @Test
  void whereTheLowestRateFailsThereIsNone() throws Exception {
    LoadTest ran = search("fail", "errors<50%");
    assertThat(ran.code()).isIn(98, 99);
    assertThat(verdict(ran).path("demand").asText()).isEqualTo("highest rate from 50 to 100/s");
    assertThat(verdict(ran).path("observed").asText()).isEqualTo("none");
    assertThat(verdict(ran).path("reason").asText())
        .containsPattern("^50/s .*(errors<50%|the run is invalid)");
    assertThat(ran.err()).startsWith("50/s for ").doesNotContain("100/s");
  }

  @Test
  void theReportIsThatOfTheRateThatWasFound() throws Exception {
    LoadTest ran = search("a", "count>0");
    assertThat(ran.err()).startsWith("50/s for ");
    String found = verdict(ran).path("observed").asText();
    assertThat(found).isIn("none", "50/s", "100/s");
    String rate = found.equals("none") ? "50/s" : found;
    assertThat(ran.json().path("options").path("rps").asText() + "/s").isEqualTo(rate);
    assertThat(ran.err()).contains(rate + " for ");
    assertThat(ran.code()).isIn(found.equals("none") ? List.of(98, 99) : List.of(0));
  }
}
