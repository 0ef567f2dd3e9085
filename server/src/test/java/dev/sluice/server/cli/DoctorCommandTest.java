// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.doctor.EngineFacts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
  private final CommandRun sluice = new CommandRun();

  @BeforeEach
  void theLauncherSetsTheSwitches() {
    sluice.environment.put("ORT_DISABLE_TELEMETRY", "1");
    sluice.environment.put("TOKENIZERS_PARALLELISM", "false");
    sluice.environment.put("OPT_OUT_TRACKING", "true");
    sluice.environment.put("DJL_OFFLINE", "true");
  }

  @Test
  void theReportSpeaksOfTheRealMachine() {
    int code = sluice.run("doctor", "--grpc-port", "0");
    assertThat(sluice.out())
        .contains("OnnxRuntime 1.28.0 on CPU", "Java ", "sockets", "cores", "heap")
        .contains("note     GPU           no NVIDIA driver; models run on the CPU");
    assertThat(code).isEqualTo(sluice.out().contains("No problem found.") ? 0 : 1);
  }

  @Test
  void aTakenPortIsAProblem() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThat(sluice.run("doctor", "--grpc-port", port)).isEqualTo(1);
      assertThat(sluice.out())
          .contains("problem  gRPC port     127.0.0.1:" + port + " cannot be listened on")
          .contains("-> stop what listens there");
      assertThat(sluice.run("doctor", "--http-port", port)).isEqualTo(1);
      assertThat(sluice.out()).contains("problem  HTTP port     127.0.0.1:" + port);
      assertThat(sluice.run("doctor", "--admin-port", port)).isEqualTo(1);
      assertThat(sluice.out()).contains("problem  admin port    127.0.0.1:" + port);
    }
  }

  @Test
  void aMissingSwitchIsAProblem() {
    sluice.environment.remove("ORT_DISABLE_TELEMETRY");
    assertThat(sluice.run("doctor", "--grpc-port", "0")).isEqualTo(1);
    assertThat(sluice.out()).contains("ORT_DISABLE_TELEMETRY is not set", "export ORT_DISABLE");
  }

  @Test
  void aWishForACardThatIsNotThereIsAProblem() {
    assertThat(sluice.run("doctor", "--grpc-port", "0", "--device", "gpu:0")).isEqualTo(1);
    assertThat(sluice.out()).contains("problem  GPU           no NVIDIA driver");
  }

  @Test
  void anEngineThatCannotBeUsedIsAProblem() {
    sluice.engines =
        new EngineFacts(
            List.of(new EngineFacts.Engine("PyTorch", "", "", Optional.of("library missing"))),
            List.of("gpu:0 NVIDIA H200"),
            Optional.empty());
    assertThat(sluice.run("doctor", "--grpc-port", "0")).isEqualTo(1);
    assertThat(sluice.out())
        .contains(
            "PyTorch cannot be used: library missing", "ok       GPU           gpu:0 NVIDIA H200");
  }

  @Test
  void whatMayBeTakenOfACardIsShownWhereThereIsOne() {
    sluice.engines = new EngineFacts(List.of(), List.of("gpu:0 NVIDIA H200"), Optional.empty());
    sluice.run("doctor", "--gpu-memory", "8GiB");
    assertThat(sluice.out()).contains("SluiceCuda takes at most 8.0 GiB of a card (--gpu-memory)");
    sluice.run("doctor", "--gpu-memory", "70%");
    assertThat(sluice.out()).contains("SluiceCuda takes at most 70% of what is free");
  }

  @Test
  void aBadConfigurationIsReportedBesideTheRest() {
    assertThat(sluice.run("doctor", "--lanes", "x")).isEqualTo(1);
    assertThat(sluice.out()).contains("problem  configuration --lanes: the value must be", "cores");
  }

  @Test
  void jsonSaysTheSame() {
    sluice.environment.remove("DJL_OFFLINE");
    assertThat(sluice.run("doctor", "--grpc-port", "0", "--json")).isEqualTo(1);
    assertThat(sluice.out().lines()).hasSize(1);
    assertThat(sluice.out())
        .startsWith("{\"problems\":")
        .contains(
            "{\"level\":\"problem\",\"topic\":\"environment\",\"text\":\"DJL_OFFLINE is not set\","
                + "\"remedy\":");
  }
}
