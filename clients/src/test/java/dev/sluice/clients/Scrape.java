// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** The metrics at one moment. */
record Scrape(List<Sample> samples) {
  record Sample(String name, Map<String, String> labels, double value) {}

  static Scrape of(RunningServer server, ScrapeFormat format) throws Exception {
    return new Scrape(format.parse(text(server, format)));
  }

  /** What the admin port answers to a scraper that asks for this format first. */
  static String text(RunningServer server, ScrapeFormat format) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.admin() + "/metrics"))
            .header("accept", format.mediaType() + ";q=0.9,*/*;q=0.1")
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("content-type").orElse(""))
          .startsWith(format.mediaType());
      return answer.body();
    }
  }

  /** The only sample of this name. */
  double value(String name) {
    return only(name, samples.stream().filter(sample -> sample.name().equals(name)).toList());
  }

  /** The only sample of this name with this label. */
  double value(String name, String label, String labelled) {
    return only(
        name,
        samples.stream()
            .filter(sample -> sample.name().equals(name))
            .filter(sample -> labelled.equals(sample.labels().get(label)))
            .toList());
  }

  private static double only(String name, List<Sample> found) {
    assertThat(found).as("samples of %s", name).hasSize(1);
    return found.get(0).value();
  }
}
