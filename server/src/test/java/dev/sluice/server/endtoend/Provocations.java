// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.TokenIds;
import dev.sluice.server.endtoend.LimitHitsEndToEndTest.Action;
import dev.sluice.server.endtoend.LimitHitsEndToEndTest.Provocation;
import dev.sluice.server.telemetry.Limit;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

/** How each limit is hit exactly once. */
final class Provocations {
  private static final String POST = "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\n";
  private static final String GRPC = "/inference.GRPCInferenceService/ModelInfer";
  private static final String REST = "/v2/models/m/infer";
  private static final String LIVE = "GET /v2/health/live HTTP/1.1\r\nHost: a\r\n";
  private static final String HEALTHY = "GET /healthz HTTP/1.1\r\n";
  private static final String END = "\r\n\r\n";

  private Provocations() {}

  static Provocation of(Limit limit) {
    return switch (limit) {
      case HTTP_BODY -> lowered(limit, "1KiB", http(POST + "Content-Length: 1025" + END, "413"));
      case HTTP_INFLATED_BODY -> lowered(limit, "1KiB", Provocations::bomb);
      case HTTP_BUFFERED ->
          lowered(limit, "1MiB", http(POST + "Content-Length: 2000000" + END + mega(2), "429"));
      case HTTP_HEADERS -> lowered(limit, "1KiB", http(LIVE + "x: " + kilo(2) + END, "431"));
      case HTTP_REQUEST_LINE -> lowered(limit, "1KiB", http("GET /" + kilo(2), "414"));
      case HTTP_HEADER_TIME -> lowered(limit, "100ms", http(LIVE, ""));
      case HTTP_BODY_TIME -> lowered(limit, "100ms", http(POST + "Content-Length: 9" + END, "408"));
      case HTTP_IDLE -> lowered(limit, "1s", http(LIVE + "\r\n", "200"));
      case HTTP_UNREAD -> onTexts(limit, "1s", Map.of(), Provocations::neverReads);
      case HTTP_CONNECTIONS -> lowered(limit, "1", Provocations::oneHttpConnectionTooMany);
      case HTTP_STREAMS ->
          lowered(limit, "1", server -> twoStreams(server.server().httpPort(), REST));
      case HTTP_RESETS -> lowered(limit, "5", server -> resets(server.server().httpPort(), REST));
      case HTTP_CONTROL_FRAMES -> lowered(limit, "5", Provocations::manyPings);
      case HTTP_PIPELINED -> lowered(limit, "1", server -> pipelined(server.server().httpPort()));
      case GRPC_MESSAGE -> lowered(limit, "1KiB", server -> refused(server, zeros(2000)));
      case GRPC_INFLATED_MESSAGE -> lowered(limit, "1KiB", Provocations::packedZeros);
      case GRPC_METADATA -> lowered(limit, "8KiB", Provocations::bigMetadata);
      case GRPC_CALLS ->
          lowered(limit, "1", server -> twoStreams(server.server().grpcPort(), GRPC));
      case GRPC_PINGS -> lowered(limit, "1h", Provocations::pings);
      case GRPC_RESETS -> lowered(limit, "5", server -> resets(server.server().grpcPort(), GRPC));
      case GRPC_HANDSHAKE ->
          lowered(
              limit,
              "100ms",
              server -> assertThat(RawHttp1.exchange(server.server().grpcPort(), "")).isNotNull());
      case GRPC_IDLE, GRPC_AGE -> lowered(limit, "1s", Provocations::waitsForGoodbye);
      case ADMIN_REQUEST_LINE ->
          lowered(limit, "1KiB", admin("GET /" + kilo(2) + " HTTP/1.1" + END, "400"));
      case ADMIN_HEADERS -> lowered(limit, "1KiB", admin(HEALTHY + "x: " + kilo(2) + END, "400"));
      case ADMIN_BODY ->
          lowered(
              limit, "256B", admin("PUT /loglevel HTTP/1.1\r\nContent-Length: 257" + END, "413"));
      case ADMIN_CONNECTIONS -> lowered(limit, "1", Provocations::oneAdminConnectionTooMany);
      case ADMIN_STEP -> lowered(limit, "1s", admin("GET /metrics", ""));
      case ADMIN_UNREAD -> lowered(limit, "1h", Provocations::asksAndNeverReads);
      case EMBED_INPUTS -> lowered(limit, "1", server -> refused(server, Vectors.texts("a", "b")));
      case TENSORS -> lowered(limit, "1", server -> refused(server, twoInputs()));
      case ENCODING -> throw new IllegalArgumentException("not from outside");
      case DEADLINE -> onTexts(limit, "90s", Map.of(), Provocations::waitsLong);
      // No call is larger than the server's own bound; a model's may be lower.
      case QUEUE_ROWS -> onTensors(limit, "4096", "max_queue_rows: 2", Provocations::threeRows);
      case QUEUE_TOKENS ->
          onTexts(
              limit,
              "600",
              Map.of("SLUICE_LIMITS_MAX_BATCH_TOKENS", "400"),
              server -> refused(server, tokens(3)));
      case QUEUE_BYTES ->
          onTexts(
              limit,
              "1MiB",
              Map.of("SLUICE_GRPC_MAX_MESSAGE_BYTES", "1MiB", "SLUICE_HTTP_MAX_BODY_BYTES", "1MiB"),
              server -> refused(server, tokens(2048)));
      case INFER_ROWS -> onTensors(limit, "2", "lanes: 1", Provocations::threeRows);
    };
  }

  private static Provocation provocation(StartServer start, Action action) {
    return new Provocation() {
      @Override
      public TestServer server() throws Exception {
        return start.start();
      }

      @Override
      public Action action() {
        return action;
      }
    };
  }

  private interface StartServer {
    TestServer start() throws Exception;
  }

  private static Map<String, String> setting(Limit limit, String value) {
    String variable = limit.setting().replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    return new HashMap<>(Map.of("SLUICE_" + variable, value));
  }

  private static Provocation lowered(Limit limit, String value, Action action) {
    return provocation(() -> TestServer.withoutModels(setting(limit, value)), action);
  }

  private static Provocation onTexts(
      Limit limit, String value, Map<String, String> others, Action action) {
    return provocation(
        () -> {
          Map<String, String> settings = setting(limit, value);
          settings.putAll(others);
          return TestServer.start(settings);
        },
        action);
  }

  private static Provocation onTensors(Limit limit, String value, String yaml, Action action) {
    return provocation(
        () -> {
          Path folder = Files.createTempDirectory(Path.of("target"), "limit-hits");
          Path model = Files.createDirectory(folder.resolve("bare"));
          OnnxModels.identity(DType.FP32, -1, 3).write(model.resolve("model.onnx"));
          Files.writeString(model.resolve("model.yaml"), yaml);
          Map<String, String> settings = setting(limit, value);
          settings.put("SLUICE_MODELS_REPOSITORIES", folder.toAbsolutePath().toString());
          return TestServer.start(settings);
        },
        action);
  }

  private static String kilo(int count) {
    return "a".repeat(count << 10);
  }

  private static String mega(int count) {
    return "a".repeat(count * 1_000_000);
  }

  private static Action http(String request, String status) {
    return server ->
        assertThat(RawHttp1.exchange(server.server().httpPort(), request)).contains(status);
  }

  private static Action admin(String request, String status) {
    return server ->
        assertThat(RawHttp1.exchange(server.server().adminPort(), request)).contains(status);
  }

  private static void bomb(TestServer server) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(new byte[1025]);
    }
    String body = packed.toString(StandardCharsets.ISO_8859_1);
    String head = POST + "Connection: close\r\nContent-Encoding: gzip\r\nContent-Length: ";
    http(head + packed.size() + END + body, "413").on(server);
  }

  private static void neverReads(TestServer server) throws IOException {
    try (RawHttp1 deaf = new RawHttp1(server.server().httpPort())) {
      // More than the buffers of two sockets.
      String body =
          "{\"model\":\"all-minilm-l6-v2\",\"input\":[\"a\"" + ",\"a\"".repeat(2047) + "]}";
      deaf.send(
          "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + body.length()
              + END
              + body);
      // What begins no further request.
      deaf.sendUntilClosed("\r", 100_000_000);
    }
  }

  private static void asksAndNeverReads(TestServer server) throws IOException {
    try (RawHttp1 deaf = new RawHttp1(server.server().adminPort())) {
      deaf.sendUntilClosed("GET /metrics HTTP/1.1" + END, 1_000_000);
    }
  }

  private static void oneHttpConnectionTooMany(TestServer server) throws IOException {
    try (RawHttp1 first = new RawHttp1(server.server().httpPort())) {
      first.send(LIVE + "\r\n");
      first.await("200");
      assertThat(RawHttp1.exchange(server.server().httpPort(), "")).isEmpty();
    }
  }

  private static void oneAdminConnectionTooMany(TestServer server) throws IOException {
    int port = server.server().adminPort();
    try (RawHttp1 first = new RawHttp1(port)) {
      first.send(HEALTHY + "\r\n");
      first.await("live");
      assertThat(RawHttp1.exchange(port, "")).isEmpty();
      first.send(HEALTHY + "Connection: close" + END);
      assertThat(first.untilClosed()).contains("live");
    }
  }

  private static void twoStreams(int port, String path) throws IOException {
    try (RawHttp2 client = new RawHttp2(port)) {
      client.request(1, path, "x");
      client.request(3, path, "x");
      client.await(RawHttp2.RST_STREAM);
    }
  }

  private static void resets(int port, String path) throws IOException {
    try (RawHttp2 client = new RawHttp2(port)) {
      for (int stream = 1; stream < 13; stream += 2) {
        client.request(stream, path, "x");
        client.reset(stream);
      }
      client.await(RawHttp2.GO_AWAY);
    }
  }

  private static void manyPings(TestServer server) throws IOException {
    try (RawHttp2 client = new RawHttp2(server.server().httpPort())) {
      for (int i = 0; i < 6; i++) {
        client.frame(RawHttp2.PING, 0, 0, new byte[8]);
      }
      client.await(RawHttp2.GO_AWAY);
    }
  }

  /** All in one piece, so that the others are there before the first is answered. */
  private static void pipelined(int port) throws IOException {
    assertThat(RawHttp1.exchange(port, (LIVE + "\r\n").repeat(4))).contains("200");
  }

  private static void bigMetadata(TestServer server) throws IOException {
    try (RawHttp2 client = new RawHttp2(server.server().grpcPort())) {
      client.request(1, GRPC, "a".repeat(9000));
      client.await(RawHttp2.RST_STREAM);
    }
  }

  private static void pings(TestServer server) throws IOException {
    try (RawHttp2 client = new RawHttp2(server.server().grpcPort())) {
      for (int i = 0; i < 4; i++) {
        client.frame(RawHttp2.PING, 0, 0, new byte[8]);
      }
      client.await(RawHttp2.GO_AWAY);
    }
  }

  private static void waitsForGoodbye(TestServer server) throws IOException {
    try (RawHttp2 client = new RawHttp2(server.server().grpcPort())) {
      client.await(RawHttp2.GO_AWAY);
    }
  }

  private static ModelInferRequest zeros(int bytes) {
    return Infer.on("m").addRawInputContents(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static ModelInferRequest twoInputs() {
    return Infer.on("m")
        .addInputs(ModelInferRequest.InferInputTensor.newBuilder().setName("a"))
        .addInputs(ModelInferRequest.InferInputTensor.newBuilder().setName("b"))
        .build();
  }

  /** Texts of 250 tokens each, and what the model puts around them. */
  private static EmbedRequest tokens(int texts) {
    TokenIds ids = TokenIds.newBuilder().addAllIds(Collections.nCopies(250, 100)).build();
    return EmbedRequest.newBuilder()
        .addAllInputs(Collections.nCopies(texts, Input.newBuilder().setTokens(ids).build()))
        .build();
  }

  private static void refused(TestServer server, ModelInferRequest request) {
    assertThatThrownBy(() -> server.inference().modelInfer(request))
        .isInstanceOf(StatusRuntimeException.class);
  }

  private static void refused(TestServer server, EmbedRequest request) {
    assertThatThrownBy(() -> server.embeddings().embed(request))
        .isInstanceOf(StatusRuntimeException.class);
  }

  private static void packedZeros(TestServer server) {
    assertThatThrownBy(() -> server.inference().withCompression("gzip").modelInfer(zeros(2000)))
        .isInstanceOf(StatusRuntimeException.class);
  }

  private static void waitsLong(TestServer server) {
    server.embeddings().withDeadlineAfter(120, TimeUnit.SECONDS).embed(Vectors.texts("a"));
  }

  private static void threeRows(TestServer server) {
    var x = Tensors.fp32(new long[] {3, 3}, new float[9]);
    refused(server, Infer.with(Infer.on("bare"), "INPUT0", x).build());
  }
}
