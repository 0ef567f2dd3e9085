// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same loads over HTTP, against a real server. */
final class HttpLoadTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private final Queue<JsonNode> bodies = new ConcurrentLinkedQueue<>();
  private final Queue<String> tenants = new ConcurrentLinkedQueue<>();
  private final Set<Integer> clients = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile int status = 200;
  private volatile boolean drifting;
  private volatile boolean closing;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/embeddings", exchange -> answer(exchange, "input"));
    server.createContext("/embed", exchange -> answer(exchange, "inputs"));
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange, String key) throws IOException {
    clients.add(exchange.getRemoteAddress().getPort());
    String tenant = exchange.getRequestHeaders().getFirst("sluice-tenant");
    if (tenant != null) {
      tenants.add(tenant);
    }
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    bodies.add(body);
    boolean openAi = key.equals("input");
    ArrayNode rows = JSON.createArrayNode();
    for (JsonNode input : body.path(key)) {
      JsonNode vector = JSON.valueToTree(InferenceServer.embedding(input.asText(), drifting));
      rows.add(openAi ? JSON.createObjectNode().set("embedding", vector) : vector);
    }
    JsonNode root = openAi ? JSON.createObjectNode().set("data", rows) : rows;
    byte[] answer = JSON.writeValueAsBytes(root);
    if (closing) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private LoadTest run(String... flags) throws InterruptedException {
    String host = "127.0.0.1:" + server.getAddress().getPort();
    List<String> args = new ArrayList<>(List.of("--insecure", "-Ojson", host));
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static String statuses(LoadTest ran) {
    return ran.json().path("statusCodeDistribution").toString();
  }

  private String corpus() throws IOException {
    return "--corpus=" + Files.write(folder.resolve("c.txt"), List.of("one", "two"));
  }

  @Test
  void openAisRequestsGoOverConnectionsThatAreKept() throws Exception {
    LoadTest ran =
        run("--target=openai", "--model=m", corpus(), "-n60", "-c3", "--mix=tenant=gold:1");
    assertThat(statuses(ran)).as(ran.err()).isEqualTo("{\"OK\":60}");
    assertThat(bodies)
        .hasSize(60)
        .extracting(JsonNode::toString)
        .containsOnly(
            "{\"model\":\"m\",\"input\":[\"one\"]}", "{\"model\":\"m\",\"input\":[\"two\"]}");
    assertThat(clients).hasSizeBetween(1, 3);
    assertThat(tenants).hasSize(60).containsOnly("gold");
    assertThat(ran.json().path("options").path("call").asText()).isEqualTo("POST /v1/embeddings");
  }

  @Test
  void aServerThatClosesItsConnectionsIsConnectedToAgain() throws Exception {
    closing = true;
    LoadTest ran = run("--target=tei-http", corpus(), "-n9", "-c1", "--inputs=2");
    assertThat(statuses(ran)).isEqualTo("{\"OK\":9}");
    assertThat(clients).hasSize(9);
    assertThat(bodies.element().toString())
        .isEqualTo("{\"truncate\":true,\"inputs\":[\"one\",\"two\"]}");
  }

  @Test
  void ratesHoldOverHttpToo() throws Exception {
    LoadTest ran = run("--target=tei-http", corpus(), "-n50", "-r200");
    assertThat(statuses(ran)).isEqualTo("{\"OK\":50}");
    assertThat(ran.json().path("sluice").path("latencyFrom").asText()).isEqualTo("intended");
  }

  @Test
  void codesAreCountedAsGrpcs() throws Exception {
    status = 429;
    LoadTest ran = run("--target=openai", corpus(), "-n5", "-c1");
    assertThat(ran.json().path("errorDistribution").toString())
        .isEqualTo("{\"rpc error: code = ResourceExhausted desc = HTTP 429\":5}");
  }

  @Test
  void answersAreHeldToTheGoldenOnes() throws Exception {
    Path golden = folder.resolve("g");
    run("--target=openai", corpus(), "-n4", "-c1", "--golden-record=" + golden);
    assertThat(golden).content().hasLineCount(2);
    String check = "--golden=" + golden;
    assertThat(statuses(run("--target=tei-http", corpus(), "-n4", "-c2", check)))
        .isEqualTo("{\"OK\":4}");
    drifting = true;
    assertThat(statuses(run("--target=openai", corpus(), "-n4", "-c2", check)))
        .isEqualTo("{\"DataLoss\":4}");
  }

  @Test
  void aServerThatDoesNotAnswerTimesOut() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      LoadTest ran =
          LoadTest.run(
              "--insecure",
              "-Ojson",
              "--target=openai",
              "-n2",
              "-c2",
              "-t150ms",
              "127.0.0.1:" + silent.getLocalPort());
      assertThat(statuses(ran)).isEqualTo("{\"DeadlineExceeded\":2}");
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    LoadTest ran = LoadTest.run("--insecure", "--target=openai", "127.0.0.1:" + port);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).startsWith("sluice: cannot connect to 127.0.0.1:" + port + ": ");
    LoadTest binary = run("--target=openai", "-m{\"a-bin\":\"AA==\"}");
    assertThat(binary.err()).startsWith("sluice: metadata.a-bin is binary, which HTTP");
    LoadTest bad = LoadTest.run("--insecure", "--target=openai", "http://localhost");
    assertThat(bad.err()).startsWith("sluice: host: 'http://localhost' is no HOST:PORT");
  }
}
