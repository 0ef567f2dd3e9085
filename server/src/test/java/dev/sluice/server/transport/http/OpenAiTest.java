// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.core.EmbedCall;
import dev.sluice.server.core.EmbedInput;
import dev.sluice.server.core.Problem;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiTest {
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings", "/embeddings"})
  void textsBecomeFloatsInOrder(String path) throws Exception {
    HttpResponse<String> answer =
        server.post(path, "{\"model\":\"echo\",\"input\":[\"ab\",\"c\"],\"user\":\"u\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":["
                + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.0,2.0]},"
                + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[1.0,1.0]}],"
                + "\"model\":\"echo\",\"usage\":{\"prompt_tokens\":42,\"total_tokens\":42}}");
  }

  @Test
  void base64IsLittleEndianFloatsWithPadding() throws Exception {
    HttpResponse<String> answer =
        server.post(
            "/v1/embeddings",
            "{\"model\":\"echo\",\"input\":\"abc\",\"encoding_format\":\"base64\"}");
    byte[] expected =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(0).putFloat(3).array();

    assertThat(answer.body())
        .contains("\"embedding\":\"" + Base64.getEncoder().encodeToString(expected) + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[1,2,3] | 1", "[[1,2],[3]] | 2"})
  void tokenIdsAreOneInputAndArraysOfThemMany(String input, int count) throws Exception {
    HttpResponse<String> answer =
        server.post("/v1/embeddings", "{\"model\":\"echo\",\"input\":" + input + "}");

    assertThat(answer.statusCode()).isEqualTo(200);
    EmbedCall call = HttpTestServer.take(server.inference.embedCalls);
    assertThat(call.inputs()).hasSize(count).hasOnlyElementsOfType(EmbedInput.Tokens.class);
  }

  @Test
  void aRequestHasArrivedWhenItsBodyIsComplete() throws Exception {
    String body = "{\"model\":\"echo\",\"input\":\"a\"}";
    try (Socket socket = server.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      String proceed = "HTTP/1.1 100 Continue\r\n";
      assertThat(
              new String(
                  socket.getInputStream().readNBytes(proceed.length()), StandardCharsets.US_ASCII))
          .isEqualTo(proceed);
      server.clock.set(7_000);
      out.write(body.getBytes(StandardCharsets.US_ASCII));
      assertThat(HttpTestServer.take(server.inference.embedCalls).context().arrivedNanos())
          .isEqualTo(7_000);
    }
  }

  @Test
  void dimensionsReachTheCore() throws Exception {
    server.post("/v1/embeddings", "{\"model\":\"echo\",\"input\":\"a\",\"dimensions\":7}");

    assertThat(HttpTestServer.take(server.inference.embedCalls).dimensions()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | input",
        "{\"input\":[]} | input",
        "{\"input\":\"\"} | input",
        "{\"input\":[\"a\",1]} | input[1]",
        "{\"input\":[1,\"a\"]} | input",
        "{\"input\":[[1],[]]} | input[1]",
        "{\"input\":[[-1]]} | input[0]",
        "{\"input\":[1.5]} | input[0]",
        "{\"input\":{}} | input",
        "{\"input\":\"a\",\"dimensions\":0} | dimensions",
        "{\"input\":\"a\",\"dimensions\":99999999999999999999} | dimensions",
        "{\"input\":\"a\",\"encoding_format\":\"hex\"} | encoding_format",
        "{\"input\":\"a\",\"model\":7} | model",
        "{\"input\":\"a\",\"input\":\"b\"} | body",
        "{\"input\":NaN} | body",
        "{\"input\":\"a\"} x | body",
        "[] | body",
      })
  void badRequestsNameTheFieldInTheShapeOfOpenAi(String body, String field) throws Exception {
    HttpResponse<String> answer = server.post("/v1/embeddings", body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .startsWith("{\"error\":{\"message\":\"")
        .contains("\"type\":\"invalid_request_error\"", "\"param\":\"" + field + "\"");
  }

  @Test
  void overloadSaysWhenToComeBack() throws Exception {
    server.inference.problem = new Problem.Overloaded("full", Duration.ofMillis(1500));
    HttpResponse<String> answer =
        server.post("/v1/embeddings", "{\"model\":\"busy\",\"input\":\"a\"}");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(answer.headers().firstValue("retry-after-ms")).hasValue("1500");
    assertThat(answer.headers().firstValue("x-should-retry")).hasValue("true");
  }

  @Test
  void theRequestIdComesBackOrIsMade() throws Exception {
    assertThat(
            server
                .send("/v1/models", request -> request.header("x-request-id", "mine"))
                .headers()
                .firstValue("x-request-id"))
        .hasValue("mine");
    assertThat(server.get("/v1/models").headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void modelsAreListedWhileReady() throws Exception {
    assertThat(server.get("/v1/models").body()).contains("\"id\":\"echo\"").doesNotContain("cold");
    assertThat(server.get("/v1/models/echo").body())
        .isEqualTo(
            "{\"id\":\"echo\",\"object\":\"model\",\"created\":1700000000,"
                + "\"owned_by\":\"sluice\"}");
    assertThat(server.get("/v1/models/cold").statusCode()).isEqualTo(404);
    assertThat(server.get("/v1/models/none").statusCode()).isEqualTo(404);
    server.catalog.setReady(false);
    assertThat(server.get("/v1/models").statusCode()).isEqualTo(503);
  }

  @Test
  void http2AnswersTheSame() throws Exception {
    String body = "{\"model\":\"echo\",\"input\":\"abc\"}";
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> answer =
          server.sendByHttp2("/v1/embeddings", r -> r.POST(BodyPublishers.ofString(body)));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
      assertThat(answer.body()).contains("[0.0,3.0]");
    }
  }
}
