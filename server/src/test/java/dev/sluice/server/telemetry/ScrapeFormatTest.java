// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScrapeFormatTest {
  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                                    | TEXT",
        "*/*                                                                 | TEXT",
        "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8                     | TEXT",
        "application/json                                                    | TEXT",
        "PROTO                                                               | PROTOBUF",
        "PROTO;q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1 | PROTOBUF",
        "PROTO;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1 | OPEN_METRICS",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3"
            + " | OPEN_METRICS",
        "application/openmetrics-text;version=0.0.1;q=0.9,text/plain;version=0.0.4;q=0.3 | TEXT",
        "text/plain;version=1.0.0;q=0.9,PROTO;q=0.2                          | PROTOBUF",
        "text/plain; version=\"0.0.4\", PROTO;q=0.9                          | TEXT",
        "text/plain,PROTO                                                    | TEXT",
        "PROTO,text/plain                                                    | PROTOBUF",
        "PROTO;q=0                                                           | TEXT",
        "PROTO;q=2,application/openmetrics-text;q=0.001                      | OPEN_METRICS",
        "PROTO;q=x                                                           | TEXT",
        "application/vnd.google.protobuf                                     | TEXT",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text"
            + " | TEXT",
        ";;q=,=;,,;q=1.0000                                                  | TEXT"
      })
  void theClientGetsWhatItLikesBestOfWhatThereIs(String accept, ScrapeFormat format) {
    String header = accept == null ? "" : accept.replace("PROTO", PROTOBUF);
    assertThat(ScrapeFormat.of(header)).isEqualTo(format);
  }
}
