// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.grpc;

import static dev.sluice.server.transport.grpc.Requests.three;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.server.config.LogFormat;
import dev.sluice.server.config.LogLevel;
import dev.sluice.server.logging.Logging;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * What a client does wrong is told to the client, not to the log, which it could fill; the request
 * log has a bound of its own and is off here.
 */
final class LogFloodTest {
  private static final int LIMIT = 1 << 20;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String SETTINGS = "000000" + "04" + "00" + "00000000";

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Logging.configure(LogLevel.INFO, LogFormat.TEXT, printed, Path.of("/"));
    server = new TestServer(GrpcSettings.defaults().withMaxMessageBytes(LIMIT));
  }

  @AfterEach
  void stop() throws JoranException {
    server.close();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  private String logged() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void messagesThatAreTooLargeLeaveNothing() {
    ModelInferRequest large =
        Requests.raw("UINT8", ByteString.copyFrom(new byte[2 * LIMIT]), 2 * LIMIT).build();

    TestServer.error(Status.Code.RESOURCE_EXHAUSTED, () -> server.stub().modelInfer(large));
    TestServer.error(
        Status.Code.RESOURCE_EXHAUSTED,
        () -> server.stub().withCompression("gzip").modelInfer(large));

    assertThat(logged()).isEmpty();
  }

  @Test
  void refusedRequestsLeaveNothing() {
    TestServer.error(
        Status.Code.NOT_FOUND, () -> server.stub().modelInfer(three("nobody").build()));
    TestServer.error(
        Status.Code.INVALID_ARGUMENT, () -> server.stub().modelInfer(three("").build()));

    assertThat(logged()).isEmpty();
  }

  @Test
  void breachesOfTheProtocolLeaveNothing() throws Exception {
    send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    // DATA on a stream that was never opened; a window update of nothing; a frame of 16 MiB.
    send(frames("00000100000000000100"));
    send(frames("000004080000000000" + "00000000"));
    send(frames("ffffff000000000001"));
    // HEADERS that are no HPACK; HEADERS on a stream of the server's.
    send(frames("000004010400000001" + "ffffffff"));
    send(frames("000001010400000002" + "82"));
    // A header in upper case.
    send(frames("000008010400000001" + "838684" + "0001410162"));

    assertThat(logged()).isEmpty();
  }

  private static byte[] frames(String hex) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    out.write(HexFormat.of().parseHex(SETTINGS + hex));
    return out.toByteArray();
  }

  /** Sends that, and reads until the server has closed the connection. */
  private void send(byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }
}
