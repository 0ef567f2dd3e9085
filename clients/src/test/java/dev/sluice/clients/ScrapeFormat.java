// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.clients.Scrape.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;

/** The formats that Prometheus asks for, each read by a parser that others have written. */
enum ScrapeFormat {
  TEXT("text/plain") {
    @Override
    List<Sample> parse(String text) throws Exception {
      List<Sample> samples = new ArrayList<>();
      var parser =
          new TextPrometheusMetricDataParser(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
        family.getMetrics().forEach(metric -> samples.addAll(samples(metric)));
      }
      return samples;
    }
  },

  /** By Prometheus' own client, which is Python's; skips the test where it is not installed. */
  OPEN_METRICS("application/openmetrics-text") {
    @Override
    List<Sample> parse(String text) throws Exception {
      Path file = Files.createTempFile("scrape", ".txt");
      try {
        Files.writeString(file, text);
        Command.Outcome parsed = Command.of(python(), SCRIPT.toString()).reading(file).run();
        assertThat(parsed.exitCode()).as(parsed.output()).isZero();
        return samples(new ObjectMapper().readTree(parsed.output()));
      } finally {
        Files.delete(file);
      }
    }
  };

  private static final Path SCRIPT = Path.of("src", "test", "python", "scrape.py").toAbsolutePath();

  private final String mediaType;

  ScrapeFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  abstract List<Sample> parse(String text) throws Exception;

  private static List<Sample> samples(Metric metric) {
    String name = metric.getName();
    Map<String, String> labels = metric.getLabels();
    return switch (metric) {
      case Counter counter -> List.of(new Sample(name, labels, counter.getValue()));
      case Gauge gauge -> List.of(new Sample(name, labels, gauge.getValue()));
      case Histogram histogram ->
          List.of(
              new Sample(name + "_count", labels, histogram.getSampleCount()),
              new Sample(name + "_sum", labels, histogram.getSampleSum()));
      default -> throw new AssertionError("there are no summaries: " + name);
    };
  }

  private static List<Sample> samples(JsonNode parsed) {
    List<Sample> samples = new ArrayList<>();
    for (JsonNode sample : parsed) {
      Map<String, String> labels = new HashMap<>();
      sample
          .get(1)
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      double value = Double.parseDouble(sample.get(2).asText().replace("nan", "NaN"));
      samples.add(new Sample(sample.get(0).asText(), labels, value));
    }
    return samples;
  }

  /** The one on the PATH may be another than the one that the system's packages are for. */
  private static String python() throws Exception {
    for (String python : List.of("python3", "/usr/bin/python3")) {
      if (Command.of(python, "-c", "import prometheus_client").run().good()) {
        return python;
      }
    }
    Skip.unless(false, "no Python with prometheus_client here (Debian: python3-prometheus-client)");
    throw new AssertionError("unreachable: the test is skipped");
  }
}
