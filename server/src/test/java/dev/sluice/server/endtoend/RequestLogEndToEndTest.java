// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of {@code sluice serve}, as it stands in a file when the process has ended. */
final class RequestLogEndToEndTest {
  private static final String CANARY = "canary-5b0c91";

  /** A model, a version, times that are numbers, an address: in the order of the line. */
  private static final String ANSWERED =
      ".*\"outcome\":\"ok\".*\"model\":\"all-minilm-l6-v2\",\"version\":\"1\","
          + "\"variant\":\"fp32\",\"rows\":1,\"tokens\":[0-9]+,\"batch_rows\":1,"
          + "\"receive_us\":[0-9]+,\"decode_us\":[0-9]+,\"encode_us\":[0-9]+,"
          + "\"queue_us\":[0-9]+,\"compute_us\":[0-9]+,\"split_us\":[0-9]+,"
          + "\"respond_us\":[0-9]+,\"total_us\":[0-9]+,\"bytes_in\":[0-9]+,"
          + "\"bytes_out\":[0-9]+,\"peer\":\"127.0.0.1:[0-9]+\".*";

  @TempDir private Path folder;

  private ServeProcess serve(String... more) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("--grpc-port", "0", "--cache-directory", TestServer.CACHE.toString()));
    arguments.addAll(List.of(more));
    return ServeProcess.start(folder, arguments.toArray(String[]::new));
  }

  private static int port(String line) {
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
  }

  /** Sends good and bad requests, ends the server, and gives the lines about requests. */
  private static List<String> linesOf(ServeProcess server) throws Exception {
    int http = port(server.awaitLine("HTTP listens on "));
    int grpc = port(server.awaitLine("gRPC listens on "));
    server.awaitLine("ready");
    post(http, "/v1/embeddings", "{\"input\":\"" + CANARY + "\"}", 200);
    // The text in every place where a reader may stumble over it.
    post(http, "/v1/embeddings", "{\"input\":\"" + CANARY + "\\x\"}", 400);
    post(http, "/v1/embeddings", "{\"input\":" + CANARY + "}", 400);
    post(http, "/v1/embeddings", "{\"input\":{\"" + CANARY + "\":1}}", 400);
    post(http, "/v1/embeddings", "{\"input\":[\"x\",[\"" + CANARY + "\"]]}", 400);
    post(http, "/nowhere", "{\"input\":\"" + CANARY + "\"}", 404);
    ManagedChannel channel = TestServer.newChannel(grpc);
    try {
      EmbeddingServiceGrpc.EmbeddingServiceBlockingStub stub =
          EmbeddingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
      EmbedRequest request = Vectors.texts(CANARY).toBuilder().setRequestId("mine").build();
      stub.embed(request);
      EmbedRequest nobody = request.toBuilder().setModel("nobody").build();
      assertThatThrownBy(() -> stub.embed(nobody)).isInstanceOf(StatusRuntimeException.class);
    } finally {
      channel.shutdownNow();
    }
    server.terminate();
    assertThat(server.exitCode()).isZero();
    return server.log().lines().filter(line -> line.contains("\"dev.sluice.requests\"")).toList();
  }

  private static void post(int port, String path, String body, int status) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }
  }

  private static List<String> with(List<String> lines, String... parts) {
    return lines.stream().filter(line -> List.of(parts).stream().allMatch(line::contains)).toList();
  }

  @Test
  void whatFailedHasALineWhateverElseIsLeftOutAndNoTextIsEverShown() throws Exception {
    try (ServeProcess server = serve()) {
      List<String> lines = linesOf(server);
      assertThat(with(lines, "\"outcome\":\"ok\"")).isEmpty();
      assertThat(with(lines, "\"path\":\"/v1/embeddings\"", "\"status\":400")).hasSize(4);
      assertThat(with(lines, "\"path\":\"/nowhere\"", "\"outcome\":\"not_found\"")).hasSize(1);
      assertThat(with(lines, "\"request_id\":\"mine\"", "\"model\":\"nobody\"", "\"status\":5"))
          .hasSize(1);
      assertThat(lines).hasSize(6);
      assertThat(server.log()).doesNotContain(CANARY);
    }
  }

  @Test
  void allThatWasAnsweredHasALineIfAskedFor() throws Exception {
    try (ServeProcess server = serve("--log-request-sample", "1")) {
      List<String> answered = with(linesOf(server), "\"outcome\":\"ok\"");
      assertThat(answered).hasSize(2).allSatisfy(line -> assertThat(line).matches(ANSWERED));
      assertThat(answered.get(0)).contains("\"protocol\":\"http\"", "\"method\":\"POST\"");
      assertThat(answered.get(1))
          .contains(
              "\"protocol\":\"grpc\"",
              "\"method\":\"sluice.v1.EmbeddingService/Embed\"",
              "\"request_id\":\"mine\"");
      assertThat(server.log()).doesNotContain(CANARY);
    }
  }

  @Test
  void textsAreShownWhereTheyAreAskedFor() throws Exception {
    try (ServeProcess server = serve("--log-request-sample", "1", "--log-request-texts=true")) {
      assertThat(with(linesOf(server), "\"outcome\":\"ok\"", "\"texts\":[\"" + CANARY + "\"]"))
          .hasSize(2);
    }
  }
}
