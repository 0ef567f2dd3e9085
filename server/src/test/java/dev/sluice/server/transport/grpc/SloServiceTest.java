// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.v1.ModelSlos;
import dev.sluice.proto.v1.SloCheckRequest;
import dev.sluice.proto.v1.SloCheckResponse;
import dev.sluice.proto.v1.SloServiceGrpc;
import dev.sluice.proto.v1.SloStatus;
import dev.sluice.server.slo.Objective;
import dev.sluice.server.slo.SloReport;
import dev.sluice.server.slo.Target;
import dev.sluice.server.slo.Verdict;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code sluice.v1.SloService} through the generated client. */
final class SloServiceTest {
  private static final SloReport REPORT =
      new SloReport(
          List.of(
              new SloReport.Model(
                  "a",
                  true,
                  List.of(
                      new SloReport.Status(
                          new Objective.Latency(
                              "p99",
                              new Target(990_000),
                              Duration.ofMillis(50),
                              Duration.ofMinutes(5),
                              100),
                          Verdict.PASS,
                          "",
                          OptionalDouble.of(48_500_000),
                          200,
                          199,
                          0.5,
                          0.25))),
              new SloReport.Model(
                  "b",
                  false,
                  List.of(
                      new SloReport.Status(
                          new Objective.Availability(
                              "up", new Target(999_000), Duration.ofHours(1), 7),
                          Verdict.NO_DATA,
                          "no requests",
                          OptionalDouble.empty(),
                          0,
                          0,
                          0,
                          0)))));

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer();
    server.slos.set(() -> CompletableFuture.completedFuture(REPORT));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SloCheckResponse check(String model) {
    return SloServiceGrpc.newBlockingStub(server.channel)
        .check(SloCheckRequest.newBuilder().setModel(model).build());
  }

  @Test
  void everyFieldOfAStatusArrives() {
    SloCheckResponse all = check("");
    assertThat(all.getVerdict()).isEqualTo(SloCheckResponse.Verdict.NO_DATA);
    assertThat(all.getModelsList()).extracting(ModelSlos::getModel).containsExactly("a", "b");
    assertThat(all.getModels(0).getLoaded()).isTrue();
    assertThat(all.getModels(0).getVerdict()).isEqualTo(SloCheckResponse.Verdict.PASS);
    SloStatus latency = all.getModels(0).getObjectives(0);
    assertThat(latency.getName()).isEqualTo("p99");
    assertThat(latency.getVerdict()).isEqualTo(SloCheckResponse.Verdict.PASS);
    assertThat(latency.getLatency().getPercentile()).isEqualTo(99);
    assertThat(latency.getLatency().getUnderMs()).isEqualTo(50);
    assertThat(latency.getLatency().getMeasuredMs()).isEqualTo(48.5);
    assertThat(latency.getWindowSeconds()).isEqualTo(300);
    assertThat(latency.getMinRequests()).isEqualTo(100);
    assertThat(latency.getTotal()).isEqualTo(200);
    assertThat(latency.getGood()).isEqualTo(199);
    assertThat(latency.getBudgetLeft()).isEqualTo(0.5);
    assertThat(latency.getBurnRate()).isEqualTo(0.5);
    assertThat(latency.getBurnRateShort()).isEqualTo(0.25);
    assertThat(all.getModels(1).getLoaded()).isFalse();
    SloStatus availability = all.getModels(1).getObjectives(0);
    assertThat(availability.getAvailability().getPercent()).isEqualTo(99.9);
    assertThat(availability.getAvailability().hasMeasuredPercent()).isFalse();
    assertThat(availability.getReason()).isEqualTo("no requests");
  }

  @Test
  void oneModelMayBeAskedForAndOneWithoutObjectivesIsNoData() {
    assertThat(check("a").getModelsList()).extracting(ModelSlos::getModel).containsExactly("a");
    assertThat(check("a").getVerdict()).isEqualTo(SloCheckResponse.Verdict.PASS);
    assertThat(check("nobody").getModelsList()).isEmpty();
    assertThat(check("nobody").getVerdict()).isEqualTo(SloCheckResponse.Verdict.NO_DATA);
  }

  @Test
  void verdictsThatCannotBeMadeAreAnInternalErrorWithAnIdAndNothingElse() {
    server.slos.set(() -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
    var failed = TestServer.error(Status.Code.INTERNAL, () -> check(""));
    assertThat(failed.getStatus().getDescription()).contains("error id").doesNotContain("secret");
  }
}
