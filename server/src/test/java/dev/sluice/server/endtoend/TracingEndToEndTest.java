// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proto.inference.ServerLiveRequest;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedStreamResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import dev.sluice.server.endtoend.OtlpCollector.ReceivedSpan;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Spans as a collector gets them from a whole server. */
@Timeout(120)
final class TracingEndToEndTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLIENT = "00f067aa0ba902b7";
  private static final String SAMPLED = "00-" + TRACE + "-" + CLIENT + "-01";
  private static final String NOT_SAMPLED = "00-" + TRACE + "-" + CLIENT + "-00";
  private static final String EMBED = "sluice.v1.EmbeddingService/Embed";

  private OtlpCollector collector;
  @TempDir private Path folder;

  @BeforeEach
  void listen() throws Exception {
    collector = new OtlpCollector();
  }

  @AfterEach
  void close() {
    collector.close();
  }

  private TestServer traced(String... more) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "20");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return TestServer.start(environment);
  }

  private static EmbeddingServiceGrpc.EmbeddingServiceBlockingStub with(
      TestServer server, String... headers) {
    Metadata metadata = new Metadata();
    for (int i = 0; i < headers.length; i += 2) {
      metadata.put(Metadata.Key.of(headers[i], Metadata.ASCII_STRING_MARSHALLER), headers[i + 1]);
    }
    return server
        .embeddings()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static HttpResponse<String> post(TestServer server, String body, String... headers)
      throws Exception {
    return postTo("/v1/embeddings", server, body, headers);
  }

  private static HttpResponse<String> postTo(
      String path, TestServer server, String body, String... headers) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.server().httpPort() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /** Ends the server, which sends what is left, and gives all that came. */
  private List<ReceivedSpan> drained(TestServer server) throws Exception {
    assertThat(server.drain()).isTrue();
    return collector.spans();
  }

  private static ReceivedSpan only(List<ReceivedSpan> spans, String name) {
    List<ReceivedSpan> found = spans.stream().filter(s -> s.name().equals(name)).toList();
    assertThat(found).as(name + " in " + spans).hasSize(1);
    return found.get(0);
  }

  /** The stages lie in the server's span, one behind the other. */
  private static void assertStages(List<ReceivedSpan> spans, ReceivedSpan server) {
    List<ReceivedSpan> stages =
        Stream.of("receive", "decode", "encode", "queue", "compute", "split", "respond")
            .map(name -> only(spans, name))
            .toList();
    long before = server.start();
    for (ReceivedSpan stage : stages) {
      assertThat(stage.traceId()).isEqualTo(server.traceId());
      assertThat(stage.parentId()).isEqualTo(server.spanId());
      assertThat(stage.within(server)).as(stage + " in " + server).isTrue();
      assertThat(stage.start()).as(stage.name()).isGreaterThanOrEqualTo(before);
      before = stage.end();
    }
    assertThat(stages.get(4).end()).isGreaterThan(stages.get(4).start());
    assertThat(stages.get(4).attribute("sluice.batch.rows")).isEqualTo(2L);
  }

  @Test
  void aCallOverGrpcIsASpanBelowItsClientsWithOneForEachStage() throws Exception {
    try (TestServer server = traced("OTEL_SERVICE_NAME", "search")) {
      EmbedRequest request =
          Vectors.texts("water finds", "its way").toBuilder().setRequestId("r-1").build();
      with(server, "traceparent", SAMPLED, "tracestate", "vendor=1", "sluice-tenant", "blue")
          .embed(request);
      List<ReceivedSpan> spans = drained(server);

      assertThat(spans).hasSize(8);
      ReceivedSpan span = only(spans, EMBED);
      assertThat(span.traceId()).isEqualTo(TRACE);
      assertThat(span.parentId()).isEqualTo(CLIENT);
      assertThat(span.traceState()).isEqualTo("vendor=1");
      assertThat(span.kind()).isEqualTo(2);
      assertThat(span.status()).isZero();
      assertThat(span.attributes())
          .containsEntry("rpc.system", "grpc")
          .containsEntry("rpc.service", "sluice.v1.EmbeddingService")
          .containsEntry("rpc.method", "Embed")
          .containsEntry("rpc.grpc.status_code", 0L)
          .containsEntry("client.address", "127.0.0.1")
          .containsEntry("sluice.outcome", "ok")
          .containsEntry("sluice.request_id", "r-1")
          .containsEntry("sluice.tenant", "blue")
          .containsEntry("sluice.model", "all-minilm-l6-v2")
          .containsEntry("sluice.version", "1")
          .containsEntry("sluice.variant", "fp32")
          .containsEntry("sluice.rows", 2L)
          .containsEntry("sluice.batch.rows", 2L)
          .containsKey("sluice.tokens")
          .doesNotContainKey("error.type");
      assertStages(spans, span);
      assertThat(collector.resource()).containsEntry("service.name", "search");
    }
  }

  @Test
  void aRequestOverHttpIsASpanBelowItsClientsToo() throws Exception {
    try (TestServer server = traced()) {
      HttpResponse<String> answer =
          post(
              server,
              "{\"input\":[\"water\",\"finds its way\"]}",
              "traceparent",
              SAMPLED,
              "x-request-id",
              "mine");
      assertThat(answer.statusCode()).isEqualTo(200);
      List<ReceivedSpan> spans = drained(server);

      assertThat(spans).hasSize(8);
      ReceivedSpan span = only(spans, "POST /v1/embeddings");
      assertThat(span.traceId()).isEqualTo(TRACE);
      assertThat(span.parentId()).isEqualTo(CLIENT);
      assertThat(span.kind()).isEqualTo(2);
      assertThat(span.attributes())
          .containsEntry("http.request.method", "POST")
          .containsEntry("http.route", "/v1/embeddings")
          .containsEntry("url.path", "/v1/embeddings")
          .containsEntry("http.response.status_code", 200L)
          .containsEntry("http.response.body.size", (long) answer.body().length())
          .containsEntry("sluice.request_id", "mine")
          .containsEntry("sluice.model", "all-minilm-l6-v2");
      assertStages(spans, span);
      assertThat(collector.resource()).containsEntry("service.name", "sluice");
    }
  }

  @Test
  void whatNeverReachesAModelIsASpanWithItsOutcome() throws Exception {
    try (TestServer server = traced()) {
      assertThatThrownBy(() -> with(server).embed(EmbedRequest.getDefaultInstance()))
          .isInstanceOf(StatusRuntimeException.class);
      assertThat(post(server, "{\"input\":").statusCode()).isEqualTo(400);
      List<ReceivedSpan> spans = drained(server);

      assertThat(spans).hasSize(2);
      assertThat(only(spans, EMBED).attributes())
          .containsEntry("rpc.grpc.status_code", 3L)
          .containsEntry("error.type", "invalid");
      ReceivedSpan http = only(spans, "POST /v1/embeddings");
      assertThat(http.attributes())
          .containsEntry("http.response.status_code", 400L)
          .containsEntry("error.type", "invalid");
      // The convention: a client's mistake is no error of the server's span.
      assertThat(http.status()).isZero();
      assertThat(http.traceId()).isNotEqualTo(only(spans, EMBED).traceId());
    }
  }

  /** So that they are few, whatever clients ask for. */
  @Test
  void routesNameWhatAClientMayChoose() throws Exception {
    try (TestServer server = traced()) {
      for (String path :
          List.of(
              "/v2/models/a/versions/b/infer",
              "/v2/models/a/infer",
              "/v2/repository/a/models/b/load",
              "/v2/systemsharedmemory/region/a/register",
              "/v2/systemsharedmemory/unregister")) {
        postTo(path, server, "{}");
      }
      assertThat(drained(server))
          .extracting(span -> span.attributes().get("http.route"))
          .containsExactlyInAnyOrder(
              "/v2/models/{name}/versions/{version}/infer",
              "/v2/models/{name}/infer",
              "/v2/repository/{repository}/models/{name}/load",
              "/v2/systemsharedmemory/region/{region}/register",
              "/v2/systemsharedmemory/unregister");
    }
  }

  @Test
  void whatTheServerCannotDoIsAnError() throws Exception {
    try (TestServer server = traced()) {
      EmbeddingServiceGrpc.EmbeddingServiceBlockingStub stub = with(server);
      assertThatThrownBy(
              () ->
                  ClientCalls.blockingUnaryCall(
                      server.channel(),
                      EmbeddingServiceGrpc.getEmbedMethod().toBuilder()
                          .setFullMethodName("sluice.v1.EmbeddingService/Unknown")
                          .build(),
                      stub.getCallOptions(),
                      Vectors.texts("x")))
          .isInstanceOf(StatusRuntimeException.class);
      ReceivedSpan span = only(drained(server), "sluice.v1.EmbeddingService/Unknown");
      assertThat(span.status()).isEqualTo(2);
      assertThat(span.attributes()).containsEntry("error.type", "unsupported");
    }
  }

  @Test
  void eachRequestOfAStreamIsASpanOfItsOwn() throws Exception {
    try (TestServer server = traced()) {
      CountDownLatch ended = new CountDownLatch(1);
      StreamObserver<EmbedRequest> stream =
          EmbeddingServiceGrpc.newStub(server.channel())
              .embedStream(
                  new StreamObserver<>() {
                    @Override
                    public void onNext(EmbedStreamResponse response) {}

                    @Override
                    public void onError(Throwable thrown) {
                      ended.countDown();
                    }

                    @Override
                    public void onCompleted() {
                      ended.countDown();
                    }
                  });
      stream.onNext(Vectors.texts("one").toBuilder().setRequestId("good").build());
      stream.onNext(EmbedRequest.newBuilder().setRequestId("bad").build());
      stream.onCompleted();
      ended.await();
      List<ReceivedSpan> spans = drained(server).stream().filter(span -> span.kind() == 2).toList();

      assertThat(spans)
          .extracting(s -> s.attribute("sluice.request_id") + " " + s.attribute("sluice.outcome"))
          .containsExactlyInAnyOrder("good ok", "bad invalid");
      assertThat(spans)
          .allSatisfy(
              span -> assertThat(span.name()).isEqualTo("sluice.v1.EmbeddingService/EmbedStream"));
    }
  }

  @Test
  void malformedContextIsIgnored() throws Exception {
    try (TestServer server = traced()) {
      for (String bad :
          List.of(
              "",
              "garbage",
              "00-" + "0".repeat(32) + "-" + CLIENT + "-01",
              "00-" + TRACE + "-" + "0".repeat(16) + "-01",
              "ff-" + TRACE + "-" + CLIENT + "-01",
              "00-" + TRACE.toUpperCase(Locale.ROOT) + "-" + CLIENT + "-01",
              SAMPLED + "," + SAMPLED)) {
        with(server, "traceparent", bad, "tracestate", "vendor=1").embed(Vectors.texts("x"));
      }
      List<ReceivedSpan> spans = drained(server).stream().filter(span -> span.kind() == 2).toList();
      assertThat(spans).hasSize(7);
      assertThat(spans).extracting(ReceivedSpan::traceId).doesNotHaveDuplicates();
      assertThat(spans)
          .allSatisfy(
              span -> {
                assertThat(span.parentId()).isEmpty();
                assertThat(span.traceId()).isNotEqualTo(TRACE);
                assertThat(span.traceState()).isEmpty();
              });
    }
  }

  @Test
  void theSamplerDecides() throws Exception {
    try (TestServer server = traced("OTEL_TRACES_SAMPLER", "parentbased_always_off")) {
      with(server).embed(Vectors.texts("x"));
      with(server, "traceparent", NOT_SAMPLED).embed(Vectors.texts("x"));
      with(server, "traceparent", SAMPLED).embed(Vectors.texts("x"));
      assertThat(drained(server)).extracting(ReceivedSpan::traceId).containsOnly(TRACE).hasSize(8);
    }
  }

  @Test
  void probesAreNotTraced() throws Exception {
    try (TestServer server = traced();
        HttpClient client = HttpClient.newHttpClient()) {
      URI live = URI.create("http://127.0.0.1:" + server.server().httpPort() + "/v2/health/live");
      client.send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.discarding());
      server.inference().serverLive(ServerLiveRequest.getDefaultInstance());
      assertThat(drained(server)).isEmpty();
    }
  }

  @Test
  void noneOfOpenTelemetryIsLoadedUnlessItIsAskedFor() throws Exception {
    Path classes = folder.resolve("classes");
    try (ServeProcess server =
        ServeProcess.start(
            folder,
            Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes),
            "--grpc-port",
            "0",
            "--cache-directory",
            TestServer.CACHE.toString())) {
      int port = server.awaitPort();
      server.awaitLine("ready");
      try (Load load = new Load(port, 1, Vectors.texts("some"))) {
        load.awaitUnderWay();
        load.stop();
      }
      server.terminate();
      assertThat(server.exitCode()).isZero();
    }
    try (Stream<String> lines = Files.lines(classes)) {
      List<String> loaded = lines.filter(line -> line.contains("source:")).toList();
      assertThat(loaded).anyMatch(line -> line.contains("] dev.sluice.server.requests."));
      assertThat(loaded.stream().filter(line -> line.contains("] io.opentelemetry."))).isEmpty();
    }
  }

  @Test
  void aCollectorThatIsGoneHurtsNobody() throws Exception {
    try (TestServer server = traced("OTEL_EXPORTER_OTLP_ENDPOINT", nobody())) {
      for (int i = 0; i < 20; i++) {
        assertThat(with(server).embed(Vectors.texts("x")).getCount()).isEqualTo(1);
      }
      assertThat(server.drain()).isTrue();
    }
  }

  @Test
  @Timeout(50)
  void aCollectorThatNeverAnswersDoesNotHoldUpTheEnd() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestServer server =
            traced(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + silent.getLocalPort(),
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "600000",
                "OTEL_BSP_EXPORT_TIMEOUT",
                "600000",
                "SLUICE_LIFECYCLE_DRAIN_LIMIT",
                "10s")) {
      assertThat(with(server).embed(Vectors.texts("x")).getCount()).isEqualTo(1);
      assertThat(server.drain()).isTrue();
    }
  }

  @Test
  void variablesThatCannotBeUsedCostTheTracesAndNotTheServer() throws Exception {
    for (String[] bad :
        new String[][] {
          {"OTEL_TRACES_SAMPLER", "nonsense"},
          {"OTEL_TRACES_EXPORTER", "zipkin"},
          {"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
          {"OTEL_EXPORTER_OTLP_ENDPOINT", "not an address"}
        }) {
      try (TestServer server = traced(bad)) {
        assertThat(with(server).embed(Vectors.texts("x")).getCount()).isEqualTo(1);
        assertThat(drained(server)).as(bad[0]).isEmpty();
      }
    }
  }

  private static String nobody() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }
}
