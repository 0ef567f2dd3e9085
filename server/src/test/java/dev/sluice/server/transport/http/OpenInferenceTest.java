// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenInferenceTest {
  private static final String INFER = "/v2/models/echo/infer";
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
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32 | [1.5,-2.0]",
        "FP64 | [1.5,-2.0]",
        "INT8 | [-128,127]",
        "UINT8 | [0,255]",
        "INT16 | [-32768,32767]",
        "UINT16 | [0,65535]",
        "INT32 | [-2147483648,2147483647]",
        "UINT32 | [0,4294967295]",
        "INT64 | [-9223372036854775808,9223372036854775807]",
        "UINT64 | [0,18446744073709551615]",
        "BOOL | [true,false]",
        "BYTES | [\"a\\\"b\",\"\u00e9\"]",
      })
  void everyTypeGoesInAndOutAsJson(String type, String data) throws Exception {
    HttpResponse<String> answer = server.post(INFER, body(type, data));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"model_name\":\"echo\",\"model_version\":\"2\",\"id\":\"i\",\"outputs\":[{\"name\":"
                + "\"x\",\"datatype\":\"%s\",\"shape\":[2],\"data\":%s}]}".formatted(type, data));
  }

  @Test
  void dataMayBeNestedAndComeBeforeItsType() throws Exception {
    String body =
        "{\"inputs\":[{\"data\":[[1,2],[3,4]],\"name\":\"x\",\"datatype\":\"INT32\","
            + "\"shape\":[2,2]}]}";
    assertThat(server.post(INFER, body).body()).contains("\"data\":[1,2,3,4]");
  }

  @Test
  void binaryDataGoesBothWays() throws Exception {
    String json =
        "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"x\",\"datatype\":"
            + "\"FP16\",\"shape\":[2],\"parameters\":{\"binary_data_size\":4}}]}";
    byte[] head = json.getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + 4);
    body[head.length] = 7;
    HttpResponse<byte[]> answer =
        server.sendForBytes(
            INFER,
            r ->
                r.header("Inference-Header-Content-Length", "" + head.length)
                    .header("Content-Type", "application/octet-stream")
                    .POST(BodyPublishers.ofByteArray(body)));

    int length =
        Integer.parseInt(
            answer.headers().firstValue("inference-header-content-length").orElseThrow());
    assertThat(new String(answer.body(), 0, length, StandardCharsets.UTF_8))
        .contains("\"binary_data_size\":4")
        .doesNotContain("\"data\"");
    assertThat(Arrays.copyOfRange(answer.body(), length, answer.body().length))
        .containsExactly(7, 0, 0, 0);
  }

  @Test
  void aRawBodyIsTheOneInputOfTheModel() throws Exception {
    byte[] body = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putFloat(5).array();
    HttpResponse<byte[]> answer =
        server.sendForBytes(
            INFER,
            r ->
                r.header("Inference-Header-Content-Length", "0")
                    .POST(BodyPublishers.ofByteArray(body)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"shape\":[2,3]");
  }

  @ParameterizedTest
  @CsvSource({"-1", "+5", "x", "0x5", "1.0", "100000", "99999999999999999999"})
  void aWrongHeaderLengthIsRefused(String length) throws Exception {
    HttpResponse<String> answer =
        server.send(
            INFER,
            r ->
                r.header("Inference-Header-Content-Length", length)
                    .POST(BodyPublishers.ofString(body("FP32", "[1,2]"))));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":\"");
  }

  @Test
  void twoHeaderLengthsAreRefused() throws Exception {
    HttpResponse<String> answer =
        server.send(
            INFER,
            r ->
                r.header("Inference-Header-Content-Length", "10")
                    .header("Inference-Header-Content-Length", "20")
                    .POST(BodyPublishers.ofString(body("FP32", "[1,2]"))));
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  /** Eight bytes stand behind the JSON, for two inputs of four. */
  @ParameterizedTest
  @CsvSource({
    "4, 4, 200, outputs",
    "4, 3, 400, 1 bytes behind",
    "4, 5, 400, inputs[1].parameters",
    "8, 4, 400, inputs[1].parameters",
    "5, 3, 400, has 5 bytes",
    "-1, 9, 400, inputs[0].parameters",
    "2147483648, 4, 400, inputs[0].parameters",
    "9223372036854775807, 4, 400, inputs[0].parameters",
    "'\"4\"', 4, 400, inputs[0].parameters",
    "4.0, 4, 400, inputs[0].parameters",
  })
  void binarySizesMustAddUp(String first, String second, int status, String part) throws Exception {
    String form =
        "{\"name\":\"%s\",\"datatype\":\"INT32\",\"shape\":[1],\"parameters\":"
            + "{\"binary_data_size\":%s}}";
    String json = "{\"inputs\":[" + form.formatted("x", first) + "," + form.formatted("y", second);
    byte[] head = (json + "]}").getBytes(StandardCharsets.UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + 8);
    HttpResponse<String> answer =
        server.send(
            INFER,
            r ->
                r.header("Inference-Header-Content-Length", "" + head.length)
                    .POST(BodyPublishers.ofByteArray(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(part);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":null}",
        "{\"inputs\":[null]}",
        "{\"inputs\":[{}]}",
        "{\"inputs\":[],\"inputs\":[]}",
        "{\"inputs\":[],\"id\":7}",
        "{\"inputs\":[],\"outputs\":[{\"name\":1}]}",
        "{\"inputs\":[],\"parameters\":[1]}",
        "{\"inputs\":[],\"parameters\":{\"a\":null}}",
        "{\"inputs\":[],\"parameters\":{\"binary_data_output\":1}}",
        "{\"inputs\":[],\"parameters\":{\"sequence_id\":1}}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1],"
            + "\"parameters\":{\"binary_data_size\":4}}]}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":\"1\",\"datatype\":\"FP32\",\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"BYTES\","
            + "\"data\":[\"\\ud800\"]}]}",
      })
  void badRequestsAreRefusedInTheShapeOfTheProtocol(String body) throws Exception {
    HttpResponse<String> answer = server.post(INFER, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 501);
    assertThat(answer.body()).startsWith("{\"error\":\"");
    assertThat(server.inference.inferCalls).isEmpty();
  }

  @Test
  void theIdComesBack() throws Exception {
    assertThat(server.post(INFER, body("FP32", "[1,2]")).body()).contains("\"id\":\"i\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32 | [1]",
        "FP32 | [1,2,3]",
        "FP32 | [1,\"2\"]",
        "FP32 | [1,1e39]",
        "FP64 | [1,1e400]",
        "FP16 | [1,2]",
        "INT8 | [1,128]",
        "INT32 | [1,2.5]",
        "UINT64 | [1,-1]",
        "BOOL | [1,0]",
        "BYTES | [1,2]",
        "NOPE | [1,2]",
        "FP32 | null",
        "FP32 | [1,NaN]",
      })
  void wrongDataIsRefused(String type, String data) throws Exception {
    assertThat(server.post(INFER, body(type, data)).statusCode()).isEqualTo(400);
    assertThat(server.inference.inferCalls).isEmpty();
  }

  @Test
  void classesComeInPlaceOfScores() throws Exception {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,3,2]}],"
            + "\"outputs\":[{\"name\":\"x\",\"parameters\":{\"classification\":1}}]}";
    assertThat(server.post(INFER, body).body()).contains("\"3.000000:1:dog\"");
  }

  @Test
  void compressedBodiesAreTakenAndGivenWhenAsked() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body("FP32", "[1,2]").getBytes(StandardCharsets.UTF_8));
    }
    HttpResponse<String> answer =
        server.send(
            INFER,
            r ->
                r.header("content-encoding", "gzip")
                    .POST(BodyPublishers.ofByteArray(packed.toByteArray())));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(
            server
                .sendForBytes("/v2/models/stats", r -> r.header("accept-encoding", "gzip"))
                .headers()
                .firstValue("content-encoding"))
        .hasValue("gzip");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v2 | 200 | \"extensions\":[\"binary_tensor_data\"",
        "/v2/health/live | 200 | {\"live\":true}",
        "/v2/health/ready | 200 | {\"ready\":true}",
        "/v2/models | 200 | \"models\":[",
        "/v2/models/echo | 200 | \"shape\":[-1,3]",
        "/v2/models/echo/versions/2 | 200 | \"versions\":[\"2\"]",
        "/v2/models/echo/ready | 200 | \"ready\":true",
        "/v2/models/cold/ready | 503 | error",
        "/v2/models/none/ready | 404 | error",
        "/v2/models/echo/config | 200 | \"max_batch_size\":8",
        "/v2/models/echo/stats | 200 | \"cache_miss\":{\"count\":0,\"ns\":0}",
        "/v2/models/echo/versions/2/stats | 200 | \"version\":\"2\"",
        "/v2/models/stats | 200 | \"model_stats\":[",
        "/v2/logging | 200 | \"log_info\":true",
        "/v2/trace/setting | 200 | \"trace_level\":[\"OFF\"]",
        "/v2/systemsharedmemory/status | 501 | error",
        "/v2/models/none | 404 | error",
        "/v2/models/none/config | 404 | error",
        "/v2/models/cold/config | 503 | error",
        "/v2/models/none/stats | 404 | error",
        "/v2/models/echo/versions/9 | 404 | error",
        "/v2/models/echo/versions/2/config | 200 | \"max_batch_size\":8",
        "/v2/models/%65cho | 200 | \"shape\":[-1,3]",
        "/v2/models/..%2f..%2fetc | 404 | error",
        "/v2/models//infer | 404 | error",
        "/v2/repository/index | 405 | POST",
        "/v2/nothing | 404 | {\"error\":\"Not Found\"}",
        "/v2/models/echo/infer | 405 | POST",
      })
  void readingRoutesAnswer(String path, int status, String part) throws Exception {
    HttpResponse<String> answer = server.get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(part);
  }

  @Test
  void aBadEscapeInAPathIsRefused() throws Exception {
    assertThat(server.raw("GET /v2/models/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  void theRepositoryIsListedLoadedAndUnloaded() throws Exception {
    assertThat(server.post("/v2/repository/index", "").body())
        .startsWith("[{")
        .contains("\"reason\":\"warming up\"");
    assertThat(server.post("/v2/repository/index", "{\"ready\":true}").body())
        .doesNotContain("cold");
    assertThat(server.post("/v2/repository/models/echo/load", "").statusCode()).isEqualTo(200);
    assertThat(server.post("/v2/repository/models/echo/unload", "{}").statusCode()).isEqualTo(200);
    assertThat(server.catalog.log()).containsExactly("load echo", "unload echo");
    assertThat(server.post("/v2/repository/models/no/load", "").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v2/repository/mine/index | {} | 501",
        "/v2/repository/mine/models/echo/load | {} | 501",
        "/v2/repository/mine/models/echo/unload | {} | 501",
        "/v2/repository/models/echo/load | {\"parameters\":{\"config\":\"{}\"}} | 501",
        "/v2/repository/models/echo/load | {\"parameters\":{\"file:1/m\":\"bad base64\"}} | 501",
        "/v2/repository/models/echo/load | {\"parameters\":{\"other\":1}} | 400",
        "/v2/repository/models/echo/load | {\"parameters\":7} | 400",
        "/v2/repository/models/echo/load | nonsense | 400",
        "/v2/repository/models/echo/unload | {\"parameters\":{\"unload_dependents\":1}} | 400",
        "/v2/repository/index | {\"ready\":1} | 400",
        "/v2/repository/models/echo/destroy | {} | 404",
      })
  void badRepositoryRequestsChangeNothing(String path, String body, int status) throws Exception {
    HttpResponse<String> answer = server.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).startsWith("{\"error\":\"");
    assertThat(server.catalog.log()).isEmpty();
  }

  private static String body(String type, String data) {
    return "{\"id\":\"i\",\"inputs\":[{\"name\":\"x\",\"shape\":[2],\"datatype\":\""
        + type
        + "\",\"data\":"
        + data
        + "}]}";
  }
}
