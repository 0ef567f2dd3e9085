// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server's own percentiles of a run, from what its admin port tells before and after it. */
final class ServerAdminTest {
  private static final long MILLI = 1_000_000;

  private final Queue<byte[]> logs = new ArrayDeque<>();
  private InferenceServer server;
  private HttpServer admin;
  private int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = new InferenceServer();
    admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    admin.createContext("/hlog", this::answer);
    admin.start();
  }

  @AfterEach
  void stop() {
    admin.stop(0);
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] log = logs.remove();
    exchange.sendResponseHeaders(status, log.length);
    exchange.getResponseBody().write(log);
    exchange.close();
  }

  /** A log as the server writes it: of each tag, so many requests of so many milliseconds. */
  private void tells(Object... tagsAndMillis) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistogramLogWriter log =
        new HistogramLogWriter(new PrintStream(out, true, StandardCharsets.UTF_8));
    log.outputComment("[Sluice stage durations in nanoseconds]");
    log.outputLogFormatVersion();
    log.outputLegend();
    for (int i = 0; i < tagsAndMillis.length; i += 2) {
      Histogram histogram = new Histogram(1024, 3_600_000 * MILLI, 2);
      for (int millis : (int[]) tagsAndMillis[i + 1]) {
        histogram.recordValue(millis * MILLI);
      }
      histogram.setTag(tagsAndMillis[i].toString());
      histogram.setStartTimeStamp(0);
      histogram.setEndTimeStamp(1_000);
      log.outputIntervalHistogram(histogram);
    }
    logs.add(out.toByteArray());
  }

  private LoadTest run(String... flags) throws InterruptedException {
    List<String> args =
        new ArrayList<>(
            List.of("--insecure", "--target=sluice", "--model=m", "-n2", "-c1", server.host()));
    args.add("--server-admin=http://127.0.0.1:" + admin.getAddress().getPort());
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static int[] millis(int... millis) {
    return millis;
  }

  @Test
  void whatCameMeanwhileStandsBesideTheClientsOfAllVersionsOfTheModel() throws Exception {
    Object other = millis(900, 900, 900);
    tells("m:1:fp32:total", millis(500, 500), "m:1:fp32:queue", millis(), "mm:1:x:total", millis());
    tells(
        "m:1:fp32:total",
        millis(500, 500, 10),
        "m:1:fp32:queue",
        other,
        "mm:1:x:total",
        other,
        "m:2:int8:total",
        millis(40));
    LoadTest ran = run("-Ojson", "--percentiles=50,99.9");
    JsonNode sluice = ran.json().path("sluice");
    assertThat(sluice.path("server").path("durations").path("count").asInt()).isEqualTo(2);
    JsonNode percentiles = sluice.path("percentiles");
    assertThat(percentiles.get(0).path("percentage").asDouble()).isEqualTo(50);
    assertThat(percentiles.get(0).path("server").asDouble()).isBetween(10e6, 10.1e6);
    assertThat(percentiles.get(1).path("server").asDouble()).isBetween(40e6, 40.4e6);
    assertThat(percentiles.get(1).path("serviceTime").asLong()).isPositive();
    assertThat(ran.err()).isEmpty();
  }

  @Test
  void theSummaryHasThemAsAColumn() throws Exception {
    tells("m:1:fp32:total", millis());
    tells("m:1:fp32:total", millis(20_000, 20_000));
    assertThat(run().out())
        .contains("Latency from the intended start, from the send, and the server's own:\n")
        .containsPattern("\n  99.9 %\t[^\t]+\t[^\t]+\t20.[01][0-9] s\n")
        .contains("\n  calls\t2\t2\t2\n");
  }

  @Test
  void aServerThatWasStartedAnewMeanwhileHasNoFigures() throws Exception {
    tells("m:1:fp32:total", millis(10, 10, 20));
    tells("m:1:fp32:total", millis(10));
    JsonNode report = run("-Ojson").json();
    assertThat(report.path("sluice").path("server").has("durations")).isFalse();
    assertThat(report.path("sluice").path("percentiles").get(0).has("server")).isFalse();
  }

  @Test
  void aServerThatTellsNothingIsLoadedAllTheSame() throws Exception {
    status = 404;
    tells();
    LoadTest ran = run("-Ojson");
    assertThat(ran.err()).isEqualTo("sluice: the server tells no percentiles: HTTP 404\n");
    assertThat(ran.json().path("count").asInt()).isEqualTo(2);
    status = 200;
    String broken = "Tag=m:1:fp32:total,0.0,1.0,1.0,HISTFAAAnothing\n";
    logs.add(broken.getBytes(StandardCharsets.UTF_8));
    assertThat(run().err())
        .isEqualTo(
            "sluice: the server tells no percentiles:"
                + " its log has a line that is not a compressed histogram\n");
    admin.stop(0);
    assertThat(run().err()).startsWith("sluice: the server tells no percentiles: ").hasLineCount(1);
  }

  @Test
  void anAddressThatIsNoneIsRefused() throws Exception {
    for (String address : List.of("127.0.0.1:8002", "https://a:1", "http://a", "http://a:1/slo")) {
      LoadTest ran = LoadTest.run("--target=sluice", "--server-admin=" + address, "a:1");
      assertThat(ran.err()).startsWith("sluice: --server-admin wants http://HOST:PORT such as");
      assertThat(ran.code()).isEqualTo(2);
    }
    LoadTest search = run("--find-max-rps=1:2:1", "--slo=errors<1%");
    assertThat(search.err()).startsWith("sluice: find-max-rps does not go with server-admin");
  }
}
