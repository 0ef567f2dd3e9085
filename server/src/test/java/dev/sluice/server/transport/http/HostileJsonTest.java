// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.core.EmbedInput;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON that means harm, or nothing, on the routes of both APIs: each answers in its own shape. */
final class HostileJsonTest {
  private static final String EMBED = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private static final String INFER =
      "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}";
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer();
  }

  @AfterEach
  void othersAreUnharmed() throws Exception {
    assertThat(server.post("/v1/embeddings", EMBED).statusCode()).isEqualTo(200);
    assertThat(server.post("/v2/models/echo/infer", INFER).statusCode()).isEqualTo(200);
    server.assertNothingHeld();
    server.close();
  }

  static List<String> bad() {
    return List.of(
        "",
        " ",
        "{",
        "{\"input\":\"a",
        "[]",
        "null",
        "7",
        "nonsense",
        "{\"input\":\"a\"}}",
        "{\"input\":\"a\"}{}",
        "{input:\"a\"}",
        "{'input':'a'}",
        "{\"input\":\"a\",}",
        "{\"input\":\"a\" /* why */}",
        "{\"input\":NaN}",
        "{\"x\":Infinity}",
        "{\"x\":-Infinity}",
        "{\"x\":01}",
        "{\"x\":" + "9".repeat(60_000) + "}",
        "{\"x\":1." + "9".repeat(1_000_000) + "}",
        "{\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
        "{\"x\":" + "{\"x\":".repeat(10_000),
        "{\"" + "n".repeat(2_000) + "\":1}",
        "{\"input\":\"a\u0000b\"}",
        "{\"input\":\"\\x\"}");
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefusedInTheShapeOfTheApi(String body) throws Exception {
    assertRefused(body.getBytes(UTF_8));
  }

  private void assertRefused(byte[] body) throws Exception {
    HttpResponse<String> embed =
        server.send("/v1/embeddings", r -> r.POST(BodyPublishers.ofByteArray(body)));
    assertThat(embed.statusCode()).isEqualTo(400);
    assertThat(embed.body())
        .startsWith("{\"error\":{\"message\":\"")
        .contains("\"type\":\"invalid_request_error\"");
    HttpResponse<String> infer =
        server.send("/v2/models/echo/infer", r -> r.POST(BodyPublishers.ofByteArray(body)));
    assertThat(infer.statusCode()).isEqualTo(400);
    assertThat(infer.body()).startsWith("{\"error\":\"").endsWith("\"}");
  }

  static List<String> embeds() {
    return List.of(
        "{\"input\":null}",
        "{\"input\":true}",
        "{\"input\":1}",
        "{\"input\":[null]}",
        "{\"input\":[\"a\",null]}",
        "{\"input\":[\"a\",\"\"]}",
        "{\"input\":[[]]}",
        "{\"input\":[[[1]]]}",
        "{\"input\":[99999999999]}",
        "{\"input\":[1e3]}",
        "{\"input\":{\"a\":\"b\"}}",
        "{\"input\":\"a\",\"input\":\"a\"}",
        "{\"input\":\"a\",\"inp\\u0075t\":\"a\"}",
        "{\"input\":\"half \\ud800 a pair\"}",
        "{\"input\":\"\\udc00\\ud800\"}",
        "{\"input\":[" + "\"a\",".repeat(2_048) + "\"a\"]}",
        "{\"input\":\"a\",\"dimensions\":\"7\"}",
        "{\"input\":\"a\",\"encoding_format\":1}",
        "{\"input\":\"a\",\"user\":[]}",
        "{\"input\":\"a\",\"model\":null}");
  }

  @ParameterizedTest
  @MethodSource("embeds")
  void wrongInputsAreRefused(String body) throws Exception {
    HttpResponse<String> answer = server.post("/v1/embeddings", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":{\"message\":\"");
    assertThat(server.inference.embedCalls).isEmpty();
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() throws Exception {
    for (String bytes : List.of("\u00ff", "\u00c3", "\u00e2\u0082", "\u0080", "\u00f8\u0088")) {
      assertRefused(("{\"input\":\"a" + bytes + "\"}").getBytes(ISO_8859_1));
    }
    assertRefused(EMBED.getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
    assertRefused(EMBED.getBytes(java.nio.charset.StandardCharsets.UTF_16));
  }

  @Test
  void aByteOrderMarkWhitespaceAndEscapesAreJson() throws Exception {
    for (String body :
        List.of("\ufeff" + EMBED, "\r\n\t " + EMBED + " \n", EMBED.replace("abc", "\\u0061bc"))) {
      assertThat(server.post("/v1/embeddings", body).body()).contains("[0.0,3.0]");
    }
    server.inference.embedCalls.clear();
    server.post("/v1/embeddings", "{\"model\":\"echo\",\"input\":\"\\ud83d\\ude00 \u00e9\"}");
    assertThat(HttpTestServer.take(server.inference.embedCalls).inputs())
        .containsExactly(new EmbedInput.Text("\ud83d\ude00 \u00e9"));
  }

  /** Each name would cost many times its bytes. */
  @Test
  void namesWithoutEndAreRefused() throws Exception {
    StringBuilder names = new StringBuilder("{\"inputs\":[],\"x\":{\"0\":0");
    for (int i = 1; i < 11_000; i++) {
      names.append(",\"").append(i).append("\":0");
    }
    assertRefused(names.append("}}").toString().getBytes(UTF_8));
  }

  /** A shape may promise any number of elements; the memory for them is not taken on its word. */
  @Test
  void aShapeIsNotBelievedBeyondItsData() throws Exception {
    String promise =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP64\",\"shape\":[30000000],\"data\":[1]}]}";
    HttpResponse<String> answer = server.post("/v2/models/echo/infer", promise);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("inputs[0].data");
  }

  @Test
  void theMostInputsAreTaken() throws Exception {
    String body = "{\"model\":\"echo\",\"input\":[" + "\"a\",".repeat(2_047) + "\"a\"]}";
    HttpResponse<String> answer = server.post("/v1/embeddings", body);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"index\":2047,\"embedding\":[2047.0,1.0]");
  }
}
