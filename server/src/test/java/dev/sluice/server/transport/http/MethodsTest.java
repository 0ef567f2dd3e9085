// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, expectations, encodings, content types and web pages of other origins. */
final class MethodsTest {
  private static final String ECHO = "{\"model\":\"echo\",\"input\":\"abc\"}";
  private static final String ORIGIN = "https://example.org";
  private HttpTestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new HttpTestServer(TestSettings.bodies(64 << 10, 1 << 20));
  }

  @AfterEach
  void nothingIsHeld() throws Exception {
    server.assertNothingHeld();
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT | /v1/embeddings | 405 | POST, OPTIONS",
        "GET | /v1/embeddings | 405 | POST, OPTIONS",
        "BREW | /v2/health/live | 405 | GET, HEAD, OPTIONS",
        "DELETE | /v2/logging | 405 | GET, HEAD, POST, OPTIONS",
        "OPTIONS | /v2/logging | 200 | GET, HEAD, POST, OPTIONS",
        "PUT | /v2/nothing | 404 |",
        "OPTIONS | /v2/nothing | 404 |",
      })
  void otherMethodsAreToldWhichThereAre(String method, String path, int status, String allow)
      throws Exception {
    HttpResponse<String> answer =
        server.send(path, r -> r.method(method, BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("allow").orElse(null)).isEqualTo(allow);
  }

  @Test
  void theServerAsAWholeHasOptionsAndAbsoluteTargetsAreTaken() throws Exception {
    assertThat(server.raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("allow: ");
    assertThat(
            server.raw(
                "GET http://a/v2/health/live?x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void headIsAGetWithoutItsBody() throws Exception {
    String get = server.get("/v2").body();
    assertThat(server.raw("HEAD /v2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200")
        .contains("content-length: " + get.length())
        .endsWith("\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n"})
  void oneHostIsNeeded(String hosts) throws Exception {
    assertThat(server.raw("GET /v2 HTTP/1.1\r\n" + hosts + "Connection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST /v1/embeddings | Content-Length: 70000 | 413",
        "POST /v1/nothing | Content-Length: 10 | 404",
        "PUT /v1/embeddings | Content-Length: 10 | 405",
        "POST /v1/embeddings | Content-Type: text/plain | 415",
        "POST /v1/embeddings | Content-Encoding: br | 415",
      })
  void whatWillBeRefusedIsNotAskedToContinue(String request, String header, int status)
      throws Exception {
    String more = header.startsWith("Content-Length") ? "" : "Content-Length: 10\r\n";
    String head = request + " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n";
    assertThat(server.raw(head + header + "\r\n" + more + "\r\n"))
        .startsWith("HTTP/1.1 " + status)
        .contains("connection: close");
  }

  @Test
  void whoWaitsForContinueIsToldBeforeTheBody() throws Exception {
    try (Socket socket = server.socket()) {
      String head =
          "POST /v1/embeddings HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
              + "Expect: 100-continue\r\nContent-Length: "
              + ECHO.length()
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      String go = "HTTP/1.1 100 Continue\r\n";
      byte[] first = socket.getInputStream().readNBytes(go.length());
      assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo(go);
      socket.getOutputStream().write(ECHO.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("HTTP/1.1 200 OK");
    }
    assertThat(server.raw("GET /v2 HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n"))
        .startsWith("HTTP/1.1 417");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate", "GZIP"})
  void packedBodiesAreTaken(String encoding) throws Exception {
    byte[] packed = packed(encoding, ECHO.getBytes(StandardCharsets.UTF_8));
    assertThat(post(encoding, packed).body()).contains("[0.0,3.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void bombsAreCutAtTheLimitAndDamagedBodiesRefused(String encoding) throws Exception {
    assertThat(post(encoding, packed(encoding, new byte[32 << 20])).statusCode()).isEqualTo(413);
    byte[] damaged = packed(encoding, ECHO.getBytes(StandardCharsets.UTF_8));
    damaged[damaged.length / 2] ^= 0x55;
    assertThat(post(encoding, damaged).statusCode()).isEqualTo(400);
    assertThat(post(encoding, new byte[] {0x1f}).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "gzip, gzip", "gzip, br"})
  void otherEncodingsAreRefusedWithThoseThatThereAre(String encoding) throws Exception {
    HttpResponse<String> answer = post(encoding, new byte[10]);
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(answer.headers().firstValue("accept-encoding")).hasValue("gzip, deflate");
  }

  private HttpResponse<String> post(String encoding, byte[] body) throws Exception {
    return server.send(
        "/v1/embeddings",
        r -> r.header("content-encoding", encoding).POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] packed(String encoding, byte[] plain) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        encoding.equals("deflate")
            ? new DeflaterOutputStream(packed)
            : new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | gzip",
        "br, GZIP;q=0.5 | gzip",
        "deflate | deflate",
        "gzip;q=0, deflate | deflate",
        "gzip; q=0.000 | ''",
        "identity | ''",
        "br | ''",
      })
  void answersArePackedAsTheClientAsks(String accepted, String encoding) throws Exception {
    HttpResponse<byte[]> answer =
        server.sendForBytes("/v2/models/stats", r -> r.header("accept-encoding", accepted));
    assertThat(answer.headers().firstValue("content-encoding").orElse("")).isEqualTo(encoding);
    assertThat(answer.headers().firstValue("vary")).hasValue("accept-encoding");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | 200",
        "application/json; charset=utf-8 | 200",
        "Application/JSON;charset=\"UTF-8\" | 200",
        "application/vnd.api+json | 200",
        "application/json; charset=utf-16 | 415",
        "application/json; charset=iso-8859-1 | 415",
        "text/plain | 415",
        "multipart/form-data; boundary=x | 415",
        "application/octet-stream | 415",
      })
  void jsonInUtf8IsTakenAndNothingElse(String type, int status) throws Exception {
    HttpResponse<String> answer =
        server.send(
            "/v1/embeddings",
            r -> r.header("content-type", type).POST(BodyPublishers.ofString(ECHO)));
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void webPagesOfOtherOriginsGetNothingByDefault() throws Exception {
    HttpResponse<String> answer =
        server.send("/v2/health/live", r -> r.header("origin", ORIGIN).GET());
    assertThat(answer.headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"));
    // What a page may post without asking first.
    assertThat(
            server
                .send(
                    "/v2/repository/models/echo/unload",
                    r -> r.header("origin", ORIGIN).POST(BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(415);
    assertThat(server.catalog.log()).isEmpty();
  }

  @Test
  void webPagesOfAllowedOriginsAreLetIn() throws Exception {
    try (HttpTestServer open = new HttpTestServer(TestSettings.cors(ORIGIN))) {
      HttpResponse<String> preflight =
          open.send(
              "/v1/embeddings",
              r ->
                  r.header("origin", ORIGIN)
                      .header("access-control-request-method", "POST")
                      .header("access-control-request-headers", "authorization, x-stainless-os")
                      .method("OPTIONS", BodyPublishers.noBody()));
      assertThat(preflight.statusCode()).isEqualTo(200);
      assertThat(preflight.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
      assertThat(preflight.headers().firstValue("access-control-allow-methods"))
          .hasValue("GET, HEAD, POST");
      assertThat(preflight.headers().firstValue("access-control-allow-headers"))
          .hasValue("authorization, x-stainless-os");
      HttpResponse<String> refusal =
          open.send("/v2/nothing", r -> r.header("origin", ORIGIN).GET());
      assertThat(refusal.headers().firstValue("access-control-allow-origin")).hasValue(ORIGIN);
      assertThat(refusal.headers().allValues("vary")).contains("origin");
      assertThat(
              open.send("/v2", r -> r.header("origin", "https://evil.example").GET())
                  .headers()
                  .firstValue("access-control-allow-origin"))
          .isEmpty();
    }
    try (HttpTestServer all = new HttpTestServer(TestSettings.cors("*"))) {
      assertThat(
              all.send("/v2", r -> r.header("origin", "https://evil.example").GET())
                  .headers()
                  .firstValue("access-control-allow-origin"))
          .hasValue("*");
    }
  }
}
