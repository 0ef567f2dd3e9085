// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.cli.Sluice;
import dev.sluice.server.cli.Surroundings;
import dev.sluice.server.doctor.EngineFacts;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HealthCommandTest {
  private final HealthStatusManager health = new HealthStatusManager();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Server server =
      NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
          .addService(health.getHealthService())
          .build();
  private int port;

  @BeforeEach
  void start() throws IOException {
    port = server.start().getPort();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  @Test
  void aServingServerIsGood() {
    health.setStatus("", ServingStatus.SERVING);
    assertThat(ask()).isZero();
    assertThat(output()).isEqualTo("SERVING\n");
  }

  @Test
  void aServerThatIsNotReadyIsAFailure() {
    health.setStatus("", ServingStatus.NOT_SERVING);
    assertThat(ask()).isEqualTo(1);
    assertThat(output()).isEqualTo("NOT_SERVING\n");
  }

  @Test
  void oneModelMayBeAskedFor() {
    health.setStatus("a", ServingStatus.SERVING);
    assertThat(ask("--service", "a")).isZero();
    assertThat(ask("--service", "b")).isEqualTo(1);
    assertThat(output()).endsWith("SERVICE_UNKNOWN: the server knows no 'b'\n");
  }

  @Test
  void noServerIsAFailure() throws InterruptedException {
    stop();
    assertThat(ask()).isEqualTo(1);
    assertThat(output()).isEqualTo("UNREACHABLE: no connection\n");
  }

  @Test
  void aBadAddressOrTimeoutIsBadUsage() {
    for (String address : List.of("here", ":1", "a:b", "a:70000", "a:1/x")) {
      assertThat(run("health", "--address", address)).as(address).isEqualTo(2);
    }
    assertThat(run("health", "--timeout", "soon")).isEqualTo(2);
    assertThat(run("health", "--timeout", "0s")).isEqualTo(2);
    assertThat(output()).contains("--address must be HOST:PORT", "--timeout must be a duration");
  }

  private int ask(String... more) {
    String[] args = new String[3 + more.length];
    args[0] = "health";
    args[1] = "--address";
    args[2] = "127.0.0.1:" + port;
    System.arraycopy(more, 0, args, 3, more.length);
    return run(args);
  }

  private int run(String... args) {
    PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
    EngineFacts none = new EngineFacts(List.of(), List.of(), Optional.empty());
    return Sluice.run(
        new Surroundings(stream, stream, Map.of(), Path.of("/"), () -> none, config -> 0), args);
  }

  private String output() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
