// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.RepositoryModelLoadRequest;
import dev.sluice.proto.v1.ModelSlos;
import dev.sluice.proto.v1.SloCheckRequest;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloCheckResponse.Verdict;
import dev.sluice.proto.v1.SloServiceGrpc;
import dev.sluice.proto.v1.SloStatus;
import dev.sluice.server.cli.Sluice;
import dev.sluice.server.cli.Surroundings;
import dev.sluice.server.doctor.EngineFacts;
import dev.sluice.server.telemetry.Scrape;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A whole server that breaks its promises and keeps them again, as all who may ask see it. */
final class SloEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";

  /** However slow the machine, an answer comes within ten minutes. */
  private static final String OBJECTIVES =
      """
      slo:
        "*":
          - {name: fast, percentile: 50, under: 10m, window: 1m, min-requests: 4}
          - {name: up, availability: 50, window: 1m, min-requests: 4}
        planned-model:
          - {name: up, availability: 99, window: 1h}
      """;

  private static final Logger WIRING = (Logger) LoggerFactory.getLogger("dev.sluice.server.wiring");

  @TempDir static Path folder;

  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
  private final AtomicLong clock = new AtomicLong();
  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    warnings.start();
    WIRING.addAppender(warnings);
    Path file = Files.writeString(folder.resolve("sluice.yaml"), OBJECTIVES);
    server = TestServer.start(file, clock::get);
  }

  @AfterEach
  void stop() throws Exception {
    WIRING.detachAppender(warnings);
    http.close();
    server.close();
  }

  private void step(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void answered(int times) {
    for (int i = 0; i < times; i++) {
      server.embeddings().embed(Vectors.texts("a"));
    }
    step(Duration.ofSeconds(1));
  }

  /** Requests whose deadline has passed when a lane could run them. */
  private void expired(int times) {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName(MODEL)
            .addInputs(
                ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .addShape(1)
                    .addShape(1))
            .addRawInputContents(ByteString.copyFrom(new byte[] {1, 0, 0, 0, 'a'}))
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1).build())
            .build();
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(() -> server.inference().modelInfer(request))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              failed ->
                  assertThat(failed.getStatus().getCode())
                      .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }
    step(Duration.ofSeconds(1));
  }

  private void mistakes(int times) {
    for (int i = 0; i < times; i++) {
      assertThatThrownBy(
              () ->
                  server
                      .embeddings()
                      .embed(Vectors.texts("a").toBuilder().setDimensions(9999).build()))
          .isInstanceOf(StatusRuntimeException.class);
    }
    step(Duration.ofSeconds(1));
  }

  private SloCheckResponse rpc(String model) {
    return SloServiceGrpc.newBlockingStub(server.channel())
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .check(SloCheckRequest.newBuilder().setModel(model).build());
  }

  private SloStatus up() {
    return rpc(MODEL).getModels(0).getObjectives(1);
  }

  private String get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.server().adminPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private int command(String... model) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    EngineFacts none = new EngineFacts(List.of(), List.of(), Optional.empty());
    String url = "http://127.0.0.1:" + server.server().adminPort();
    return Sluice.run(
        new Surroundings(stream, stream, Map.of(), Path.of("/"), () -> none, config -> 0),
        model.length == 0
            ? new String[] {"slo-check", "--url", url}
            : new String[] {"slo-check", "--url", url, "--model", model[0]});
  }

  @Test
  void aBreachAndItsEndAreSeenByRpcAdminPortMetricsAndCommandAlike() throws Exception {
    assertThat(up().getVerdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(command(MODEL)).isEqualTo(98);

    answered(4);
    mistakes(6);
    assertThat(rpc(MODEL).getVerdict()).isEqualTo(Verdict.PASS);
    assertThat(up().getTotal()).isEqualTo(4);
    assertThat(command(MODEL)).isZero();

    expired(5);
    SloStatus breached = up();
    assertThat(breached.getVerdict()).isEqualTo(Verdict.BREACH);
    assertThat(breached.getTotal()).isEqualTo(9);
    assertThat(breached.getGood()).isEqualTo(4);
    assertThat(breached.getBurnRate()).isEqualTo(5 / 9.0 / 0.5);
    assertThat(rpc(MODEL).getModels(0).getObjectives(0).getTotal()).isEqualTo(4);
    assertThat(command(MODEL)).isEqualTo(99);
    assertThat(command()).isEqualTo(99);
    assertThat(get("/slo")).startsWith("{\"verdict\":\"BREACH\"");
    assertThat(get("/slo?model=" + MODEL)).contains("\"total\":9,\"good\":4,");
    assertThat(
            Scrape.of(get("/metrics"))
                .value(
                    "sluice_slo_verdict", "model", MODEL, "objective", "up", "verdict", "breach"))
        .isEqualTo(1);

    step(Duration.ofMinutes(1));
    answered(4);
    assertThat(up().getVerdict()).isEqualTo(Verdict.PASS);
    assertThat(up().getTotal()).isEqualTo(4);
    assertThat(command(MODEL)).isZero();
  }

  @Test
  void aReloadLosesNothingAndAModelThatIsNotThereHasNoData() {
    assertThat(warnings.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("slo: there is no model 'planned-model' now; its objectives have no data");
    answered(3);
    server
        .inference()
        .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setModelName(MODEL).build());
    answered(2);
    SloCheckResponse all = rpc("");
    assertThat(all.getModelsList())
        .extracting(ModelSlos::getModel)
        .containsExactly(MODEL, "planned-model");
    assertThat(all.getModels(0).getLoaded()).isTrue();
    assertThat(all.getModels(0).getObjectives(0).getTotal()).isEqualTo(5);
    assertThat(all.getModels(1).getLoaded()).isFalse();
    assertThat(all.getModels(1).getVerdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(all.getVerdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(command()).isEqualTo(98);
    assertThat(command(MODEL)).isZero();
  }
}
