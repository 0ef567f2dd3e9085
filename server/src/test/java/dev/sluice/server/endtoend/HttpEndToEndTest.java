// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
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

  /** Far more than a model batch: 300 texts of other lengths, in order, each its own vector. */
  @Test
  void hundredsOfInputsComeBackInOrderWithTheTokensOfAll() throws Exception {
    try (TestServer server = TestServer.embedded();
        HttpClient client = HttpClient.newHttpClient()) {
      String[] texts = new String[300];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = "text " + i + " says".repeat(i % 7 + 1);
      }
      EmbedResponse grpc = server.embeddings().embed(Vectors.texts(texts));
      String input = "[\"" + String.join("\",\"", texts) + "\"]";
      String base = "http://127.0.0.1:" + server.server().httpPort();
      String body = "{\"model\":\"\",\"input\":" + input + ",\"encoding_format\":\"%s\"}";
      for (String format : new String[] {"float", "base64"}) {
        byte[] answer = post(client, base + "/v1/embeddings", body.formatted(format)).body();
        String text = new String(answer, UTF_8);
        Matcher matcher = VECTOR.matcher(text);
        for (float[] expected : Vectors.of(grpc)) {
          assertThat(matcher.find()).isTrue();
          assertThat(decoded(matcher)).containsExactly(expected);
        }
        assertThat(matcher.find()).isFalse();
        assertThat(text).contains("\"prompt_tokens\":" + grpc.getUsage().getTokens());
      }
    }
  }

  /** Texts in as a binary tensor, vectors out as one. */
  @Test
  void binaryTensorsGoBothWaysThroughTheModel() throws Exception {
    try (TestServer server = TestServer.embedded();
        HttpClient client = HttpClient.newHttpClient()) {
      String[] texts = {TEXT, "another", "\u00e4 \ud83d\ude00"};
      EmbedResponse grpc = server.embeddings().embed(Vectors.texts(texts));
      ByteBuffer tensor = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
      for (String text : texts) {
        byte[] utf8 = text.getBytes(UTF_8);
        tensor.putInt(utf8.length).put(utf8);
      }
      String json =
          "{\"parameters\":{\"binary_data_output\":true},\"inputs\":[{\"name\":\"text\",\"shape\":"
              + "[3,1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":"
              + tensor.position()
              + "}}]}";
      byte[] body = Arrays.copyOf(json.getBytes(UTF_8), json.length() + tensor.position());
      System.arraycopy(tensor.array(), 0, body, json.length(), tensor.position());
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(
                      URI.create(
                          "http://127.0.0.1:"
                              + server.server().httpPort()
                              + "/v2/models/all-minilm-l6-v2/infer"))
                  .header("inference-header-content-length", "" + json.length())
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
      int start =
          Integer.parseInt(
              answer.headers().firstValue("inference-header-content-length").orElseThrow());
      float[] all = floats(Arrays.copyOfRange(answer.body(), start, answer.body().length));
      float[][] expected = Vectors.of(grpc);
      for (int i = 0; i < expected.length; i++) {
        int width = expected[i].length;
        assertThat(Arrays.copyOfRange(all, i * width, (i + 1) * width))
            .containsExactly(expected[i]);
      }
    }
  }

  private static float[] vector(HttpClient client, String base, String body) throws Exception {
    String answer = new String(post(client, base + "/v1/embeddings", body).body(), UTF_8);
    Matcher matcher = VECTOR.matcher(answer);
    assertThat(matcher.find()).as(answer).isTrue();
    return decoded(matcher);
  }

  private static float[] decoded(Matcher matcher) {
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
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(200);
    return answer;
  }

  private static float[] floats(byte[] packed) {
    float[] floats = new float[packed.length / Float.BYTES];
    ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
