// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proto.v1.EmbedResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The embedded model over HTTP gives what it gives over gRPC, bit by bit. */
final class HttpEndToEndTest {
  private static final String TEXT = "water finds its way";
  private static final Pattern VECTOR =
      Pattern.compile("\"embedding\":(?:\"([^\"]+)\"|\\[([^]]+)])");

  @Test
  void base64AndFloatsAndBinaryTensorsEqualTheVectorsOfGrpc() throws Exception {
    try (TestServer server = TestServer.embedded();
        HttpClient client = HttpClient.newHttpClient()) {
      EmbedResponse grpc = server.embeddings().embed(Vectors.texts(TEXT));
      float[] expected = Vectors.of(grpc)[0];
      String base = "http://127.0.0.1:" + server.server().httpPort();
      String body = "{\"model\":\"\",\"input\":\"" + TEXT + "\",\"encoding_format\":\"%s\"}";

      assertThat(vector(client, base, body.formatted("float"))).containsExactly(expected);
      assertThat(vector(client, base, body.formatted("base64"))).containsExactly(expected);
      assertThat(binary(client, base, expected.length)).containsExactly(expected);
    }
  }

  private static float[] vector(HttpClient client, String base, String body) throws Exception {
    String answer =
        new String(
            post(client, base + "/v1/embeddings", body).body(),
            java.nio.charset.StandardCharsets.UTF_8);
    Matcher matcher = VECTOR.matcher(answer);
    assertThat(matcher.find()).as(answer).isTrue();
    if (matcher.group(1) != null) {
      return floats(Base64.getDecoder().decode(matcher.group(1)));
    }
    String[] numbers = matcher.group(2).split(",", -1);
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(numbers[i]);
    }
    return floats;
  }

  private static float[] binary(HttpClient client, String base, int size) throws Exception {
    String body =
        "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"text\","
            + "\"shape\":[1,1],\"datatype\":\"BYTES\",\"data\":[\""
            + TEXT
            + "\"]}]}";
    byte[] answer = post(client, base + "/v2/models/all-minilm-l6-v2/infer", body).body();
    return floats(Arrays.copyOfRange(answer, answer.length - 4 * size, answer.length));
  }

  private static HttpResponse<byte[]> post(HttpClient client, String uri, String body)
      throws Exception {
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(uri))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode())
        .as(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(200);
    return answer;
  }

  private static float[] floats(byte[] packed) {
    float[] floats = new float[packed.length / Float.BYTES];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
