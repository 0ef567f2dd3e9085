// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.telemetry.Limit;
import dev.sluice.server.telemetry.Scrape;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each limit is set low and hit once, from outside; its counter, and no other, says so. */
final class LimitHitsEndToEndTest {

  /** What waits to be encoded is gone too soon to be met from outside; EmbedPathTest has it. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENCODING")
  void oneHitIsCountedOnceAndUnderItsName(Limit limit) throws Exception {
    Provocation provocation = Provocations.of(limit);
    try (TestServer server = provocation.server()) {
      Map<Limit, Double> before = hits(server);
      provocation.action().on(server);
      Map<Limit, Double> expected = new EnumMap<>(before);
      expected.merge(limit, 1.0, Double::sum);
      assertThat(hits(server)).isEqualTo(expected);
    }
  }

  private static Map<Limit, Double> hits(TestServer server) throws Exception {
    Scrape scrape = Scrape.of(RawHttp1.scrape(server.server().adminPort()));
    boolean models = !scrape.labelValues("model").isEmpty();
    Map<Limit, Double> hits = new EnumMap<>(Limit.class);
    for (Limit limit : Limit.values()) {
      if (models || !limit.perModel()) {
        hits.put(limit, scrape.value("sluice_limit_hits_total", "limit", limit.label()));
      }
    }
    return hits;
  }

  /** A server, and how its limit is hit once. */
  interface Provocation {
    TestServer server() throws Exception;

    Action action();
  }

  /** Returns once the server has counted. */
  interface Action {
    void on(TestServer server) throws Exception;
  }
}
