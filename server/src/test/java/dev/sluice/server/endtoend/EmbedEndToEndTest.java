// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.Input;
import dev.sluice.proto.v1.Truncate;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The embedded model through a real socket. */
final class EmbedEndToEndTest {
  private static final String MODEL = "all-minilm-l6-v2";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.embedded();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void vectorsEqualThoseOfOnnxRuntimeCalledDirectlyAloneAndInAnyBatch() throws Exception {
    int[][] inputs = randomTokens(new Random(7), 24);
    EmbedRequest.Builder together = EmbedRequest.newBuilder();
    for (int[] ids : inputs) {
      together.addInputs(Vectors.tokens(ids).getInputs(0));
    }
    float[][] batched = Vectors.of(server.embeddings().embed(together.build()));
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(weights())) {
      for (int i = 0; i < inputs.length; i++) {
        float[] expected = meanPooled(session, inputs[i]);
        float[] alone = Vectors.of(server.embeddings().embed(Vectors.tokens(inputs[i])))[0];
        assertThat(Vectors.cosine(expected, alone)).isGreaterThanOrEqualTo(0.99999);
        assertThat(Vectors.cosine(expected, batched[i])).isGreaterThanOrEqualTo(0.99999);
      }
    }
  }

  @Test
  void similarTextsAreCloserThanUnrelatedOnes() {
    float[][] vectors =
        Vectors.of(
            server
                .embeddings()
                .embed(
                    Vectors.texts(
                        "A man is playing a guitar.",
                        "Somebody plays the guitar.",
                        "The stock market fell sharply on Monday.")));
    double near = Vectors.cosine(vectors[0], vectors[1]);
    double far = Vectors.cosine(vectors[0], vectors[2]);
    assertThat(near).isGreaterThan(0.7);
    assertThat(far).isLessThan(0.2);
  }

  @Test
  void anAnswerSaysWhatRanAndWhereTheTimeWent() {
    EmbedRequest request =
        Vectors.texts("one", "two words").toBuilder().setRequestId("r-1").build();
    EmbedResponse response = server.embeddings().embed(request);
    assertThat(response.getModel()).isEqualTo(MODEL);
    assertThat(response.getVersion()).isEqualTo("1");
    assertThat(response.getVariant()).isEqualTo("fp32");
    assertThat(response.getDimensions()).isEqualTo(384);
    assertThat(response.getCount()).isEqualTo(2);
    assertThat(response.getVectors().size()).isEqualTo(2 * 384 * Float.BYTES);
    assertThat(response.getRequestId()).isEqualTo("r-1");
    assertThat(response.getUsage().getTokens()).isEqualTo(3 + 4);
    assertThat(response.getUsage().getTruncated()).isZero();
    assertThat(response.getTimings().getComputeNs()).isPositive();
    assertThat(response.getTimings().getTotalNs())
        .isGreaterThanOrEqualTo(response.getTimings().getComputeNs());
    assertThat(response.getTimings().getBatchRows()).isPositive();
  }

  @Test
  void vectorsHaveLengthOneUnlessAskedOtherwise() {
    EmbedRequest request = Vectors.texts("some text");
    float[] unit = Vectors.of(server.embeddings().embed(request))[0];
    float[] raw =
        Vectors.of(server.embeddings().embed(request.toBuilder().setNormalize(false).build()))[0];
    assertThat(length(unit)).isBetween(0.99999, 1.00001);
    assertThat(length(raw)).isGreaterThan(1.5);
    assertThat(Vectors.cosine(unit, raw)).isGreaterThan(0.999999);
  }

  @Test
  void shortenedVectorsAreTheFirstComponentsAtLengthOne() {
    EmbedRequest request = Vectors.texts("some text");
    float[] full = Vectors.of(server.embeddings().embed(request))[0];
    EmbedResponse response =
        server.embeddings().embed(request.toBuilder().setDimensions(64).build());
    float[] cut = Vectors.of(response)[0];
    assertThat(response.getDimensions()).isEqualTo(64);
    assertThat(length(cut)).isBetween(0.99999, 1.00001);
    assertThat(Vectors.cosine(cut, Arrays.copyOf(full, 64))).isGreaterThan(0.999999);
  }

  @Test
  void aCallLargerThanAnyBatchIsAnsweredInOrder() {
    String[] texts =
        Stream.iterate(0, i -> i + 1)
            .limit(300)
            .map(i -> "text number " + i)
            .toArray(String[]::new);
    float[][] vectors = Vectors.of(server.embeddings().embed(Vectors.texts(texts)));
    for (int i : new int[] {0, 31, 32, 33, 150, 299}) {
      float[] alone = Vectors.of(server.embeddings().embed(Vectors.texts(texts[i])))[0];
      assertThat(Vectors.cosine(alone, vectors[i])).isGreaterThanOrEqualTo(0.99999);
    }
  }

  @Test
  void tooLongTextsAreCutOrRefusedAsTheCallerSays() {
    EmbedRequest request = Vectors.texts("word ".repeat(1000), "short");
    EmbedResponse cut = server.embeddings().embed(request);
    assertThat(cut.getUsage().getTruncated()).isEqualTo(1);
    assertThat(cut.getUsage().getTokens()).isEqualTo(256 + 3);
    assertThatThrownBy(
            () ->
                server
                    .embeddings()
                    .embed(request.toBuilder().setTruncate(Truncate.TRUNCATE_NONE).build()))
        .satisfies(refused(Status.Code.INVALID_ARGUMENT, "inputs[0]", "256"));
  }

  @Test
  void badCallsAreRefusedWithTheFieldThatIsWrong() {
    check(EmbedRequest.getDefaultInstance(), Status.Code.INVALID_ARGUMENT, "inputs");
    check(Vectors.texts("a", ""), Status.Code.INVALID_ARGUMENT, "inputs[1]");
    check(
        EmbedRequest.newBuilder().addInputs(Input.getDefaultInstance()).build(),
        Status.Code.INVALID_ARGUMENT,
        "inputs[0]");
    check(
        Vectors.texts("a").toBuilder().setDimensions(385).build(),
        Status.Code.INVALID_ARGUMENT,
        "dimensions");
    check(Vectors.tokens(-1), Status.Code.INVALID_ARGUMENT, "inputs[0]");
    check(Vectors.tokens(30_522), Status.Code.INVALID_ARGUMENT, "inputs[0]");
    check(Vectors.texts("a").toBuilder().setModel("nope").build(), Status.Code.NOT_FOUND, "nope");
    check(
        Vectors.texts("a").toBuilder().setModel(MODEL).setVersion("9").build(),
        Status.Code.NOT_FOUND,
        "9");
    check(Vectors.texts("a").toBuilder().setVariant("int3").build(), Status.Code.NOT_FOUND, "int3");
    check(
        Vectors.texts("a").toBuilder().setTenant("not a tenant!").build(),
        Status.Code.INVALID_ARGUMENT,
        "tenant");
    check(
        Vectors.texts(Stream.generate(() -> "a").limit(2049).toArray(String[]::new)),
        Status.Code.INVALID_ARGUMENT,
        "2048");
  }

  @Test
  void tritonClientsReachTheSameModelWithTextsAsBytes() {
    String text = "water finds its way";
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer framed =
        ByteBuffer.allocate(4 + utf8.length).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length);
    framed.put(utf8).flip();
    ModelInferResponse response =
        server
            .inference()
            .modelInfer(
                ModelInferRequest.newBuilder()
                    .setModelName(MODEL)
                    .setId("42")
                    .addInputs(
                        ModelInferRequest.InferInputTensor.newBuilder()
                            .setName("text")
                            .setDatatype("BYTES")
                            .addShape(1)
                            .addShape(1))
                    .addRawInputContents(ByteString.copyFrom(framed))
                    .build());
    assertThat(response.getId()).isEqualTo("42");
    assertThat(response.getOutputs(0).getName()).isEqualTo("embedding");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 384L);
    float[] vector = Vectors.floats(response.getRawOutputContents(0));
    float[] expected = Vectors.of(server.embeddings().embed(Vectors.texts(text)))[0];
    assertThat(Vectors.cosine(vector, expected)).isGreaterThan(0.99999);
  }

  private static void check(EmbedRequest request, Status.Code code, String... mentions) {
    assertThatThrownBy(() -> server.embeddings().embed(request)).satisfies(refused(code, mentions));
  }

  private static java.util.function.Consumer<Throwable> refused(
      Status.Code code, String... mentions) {
    return thrown -> {
      Status status = ((StatusRuntimeException) thrown).getStatus();
      assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
      assertThat(status.getDescription()).contains(mentions);
    };
  }

  private static double length(float[] vector) {
    double sum = 0;
    for (float x : vector) {
      sum += (double) x * x;
    }
    return Math.sqrt(sum);
  }

  /** Plausible inputs of mixed lengths: [CLS] words [SEP]. */
  private static int[][] randomTokens(Random random, int count) {
    int[][] inputs = new int[count][];
    for (int i = 0; i < count; i++) {
      int[] ids = random.ints(3 + random.nextInt(60), 1000, 30_000).toArray();
      ids[0] = 101;
      ids[ids.length - 1] = 102;
      inputs[i] = ids;
    }
    return inputs;
  }

  private static String weights() throws Exception {
    try (Stream<Path> files = Files.walk(TestServer.CACHE.resolve("embedded"))) {
      return files
          .filter(file -> file.toString().endsWith(".onnx"))
          .findFirst()
          .orElseThrow()
          .toString();
    }
  }

  private static float[] meanPooled(OrtSession session, int[] ids) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[][] tokens = {Arrays.stream(ids).asLongStream().toArray()};
    long[][] ones = {new long[ids.length]};
    Arrays.fill(ones[0], 1);
    try (OnnxTensor input = OnnxTensor.createTensor(environment, tokens);
        OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][ids.length]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", input, "attention_mask", mask, "token_type_ids", types))) {
      float[][] states = ((float[][][]) result.get(0).getValue())[0];
      float[] mean = new float[states[0].length];
      for (int j = 0; j < mean.length; j++) {
        double sum = 0;
        for (float[] state : states) {
          sum += state[j];
        }
        mean[j] = (float) (sum / states.length);
      }
      return mean;
    }
  }
}
