// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static dev.sluice.server.endtoend.HeldModels.await;
import static dev.sluice.server.endtoend.HeldModels.caller;
import static dev.sluice.server.endtoend.HeldModels.metric;
import static dev.sluice.server.endtoend.HeldModels.rows;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.proto.inference.ModelInferResponse;
import io.grpc.Status;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What clients and the operator see of lanes that break, and of lanes that only look broken. */
final class LanesEndToEndTest {
  private static final SteppedTime TIME = new SteppedTime();
  private static final Gates GATES = new Gates();
  private static final Logger LANES =
      (Logger) org.slf4j.LoggerFactory.getLogger("dev.sluice.server.core.WatchedLane");

  @TempDir static Path repository;
  private static TestServer server;
  private static HttpInfer http;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  static void start() throws Exception {
    Gates.write(repository, "broken", 1, "");
    Gates.write(repository, "abused", 1, "");
    server =
        TestServer.start(
            Optional.empty(),
            Map.of(
                "SLUICE_MODELS_REPOSITORIES", repository.toString(),
                "SLUICE_MODELS_LOAD_PROBE", "false",
                "SLUICE_MODELS_WATCH_INTERVAL", "off"),
            GATES.on(TIME));
    http = new HttpInfer(server);
  }

  @AfterAll
  static void stop() throws Exception {
    GATES.open();
    http.close();
    server.close();
    TIME.close();
  }

  private static Future<ModelInferResponse> send(String model) {
    return caller(server).modelInfer(rows(model, 1).build());
  }

  private static void fail(String model) throws Exception {
    Future<ModelInferResponse> call = send(model);
    GATES.of(model).next().fail();
    assertThat(Refusal.of(call).code()).isEqualTo(Status.Code.INTERNAL);
  }

  /** The one lane of the model, as the admin port shows it. */
  private static Map<?, ?> lane(String model) throws Exception {
    String answer =
        RawHttp1.exchange(
            server.server().adminPort(), "GET /models HTTP/1.1\r\nConnection: close\r\n\r\n");
    String json = answer.substring(answer.indexOf("\r\n\r\n"));
    // JSON is YAML too.
    List<?> models = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    for (Object each : models) {
      Map<?, ?> shown = (Map<?, ?>) each;
      if (model.equals(shown.get("name"))) {
        List<?> lanes = (List<?>) Objects.requireNonNull(shown.get("lanes"));
        assertThat(lanes).hasSize(1);
        return (Map<?, ?>) lanes.getFirst();
      }
    }
    throw new AssertionError("no model " + model + " in " + answer);
  }

  private static Instant since(String model) throws Exception {
    return Instant.parse(String.valueOf(lane(model).get("since")));
  }

  private static void assertLane(String model, String state, int failuresInRow, String reason)
      throws Exception {
    assertThat(since(model)).isAfter(Instant.EPOCH);
    Map<?, ?> lane = lane(model);
    assertThat(lane.get("state")).isEqualTo(state);
    assertThat(lane.get("failures_in_row")).isEqualTo(failuresInRow);
    assertThat(lane.get("reason")).isEqualTo(reason);
  }

  @Test
  void aModelWithoutALaneThatWorksSaysSoAndComesBackByItself() throws Exception {
    LANES.addAppender(log);
    log.start();
    Gate gate = GATES.of("broken");
    gate.setBroken(true);
    fail("broken");
    fail("broken");
    Future<ModelInferResponse> third = send("broken");
    Gate.Run run = gate.next();
    assertLane("broken", "running", 2, "");
    Future<ModelInferResponse> behind = send("broken");
    await(1, server, "broken", "sluice_queue_rows");
    run.fail();
    assertThat(Refusal.of(third).code()).isEqualTo(Status.Code.INTERNAL);

    Refusal waited = Refusal.of(behind);
    assertThat(waited.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(waited.message()).contains("fails on everything, and is tried again");
    assertThat(waited.retryMillis()).isEqualTo(1000);
    assertThat(Refusal.of(send("broken"))).isEqualTo(waited);
    HttpResponse<String> overHttp = http.send("broken", 1, "").get(1, TimeUnit.MINUTES);
    assertThat(overHttp.statusCode()).isEqualTo(503);
    assertThat(Refusal.retryMillis(overHttp)).isEqualTo(1000);
    await(3, server, "broken", "sluice_queue_drops_total", "reason", "no_lane");
    assertThat(metric(server, "broken", "sluice_lanes", "state", "out")).isEqualTo(1);
    assertThat(gate.isEmpty()).isTrue();
    assertLane("broken", "out", 3, "the card has fallen off the bus");
    Instant since = since("broken");

    // It fails its second check too.
    gate.awaitCheck();
    TIME.step(Duration.ofSeconds(1));
    gate.awaitCheck();
    assertThat(Refusal.of(send("broken")).retryMillis()).isEqualTo(2000);
    assertThat(since("broken")).isEqualTo(since);
    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.ERROR);
              assertThat(line.getFormattedMessage())
                  .contains("lane 0 of model 'broken'", "out of service")
                  .endsWith("the card has fallen off the bus");
            });

    gate.setBroken(false);
    TIME.step(Duration.ofSeconds(2));
    gate.awaitCheck();
    await(1, server, "broken", "sluice_lanes", "state", "fit");
    Future<ModelInferResponse> good = send("broken");
    gate.next().go();
    good.get(1, TimeUnit.MINUTES);
    await(0, server, "broken", "sluice_running_rows");
    assertLane("broken", "idle", 0, "");
    assertThat(log.list).hasSize(2);
    assertThat(log.list.getLast().getLevel()).isEqualTo(Level.WARN);
    assertThat(log.list.getLast().getFormattedMessage())
        .contains("lane 0 of model 'broken'", "back in service");
    LANES.detachAppender(log);
  }

  /** Else a client with a request that fails could fill the log, and take a model from others. */
  @Test
  void requestsThatFailTakeNoLaneOutOfService() throws Exception {
    LANES.addAppender(log);
    log.start();
    for (int i = 0; i < 3; i++) {
      fail("abused");
    }
    GATES.of("abused").awaitCheck();
    Future<ModelInferResponse> good = send("abused");
    GATES.of("abused").next().go();
    good.get(1, TimeUnit.MINUTES);

    assertThat(metric(server, "abused", "sluice_lanes", "state", "fit")).isEqualTo(1);
    assertThat(log.list).isEqualTo(List.of());
    LANES.detachAppender(log);
  }
}
