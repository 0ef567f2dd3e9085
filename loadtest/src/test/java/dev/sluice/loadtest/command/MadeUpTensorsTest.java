// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import dev.sluice.proto.inference.ModelInferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a model of any tensors is sent where there is no corpus. */
final class MadeUpTensorsTest {
  private InferenceServer server;

  @BeforeEach
  void start() throws IOException {
    server = new InferenceServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private LoadTest run(String... flags) throws InterruptedException {
    List<String> args =
        new ArrayList<>(
            List.of("--insecure", "-Ojson", "-c1", "-n20", "--target=oip", server.host()));
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private List<ModelInferRequest> sent(String... flags) throws InterruptedException {
    server.infers.clear();
    LoadTest ran = run(flags);
    assertThat(ran.json().path("statusCodeDistribution").toString())
        .as(ran.err())
        .isEqualTo("{\"OK\":20}");
    return List.copyOf(server.infers);
  }

  /** All values of one input, over all requests. */
  private static List<Double> values(List<ModelInferRequest> requests, int input) {
    List<Double> values = new ArrayList<>();
    for (ModelInferRequest request : requests) {
      String type = request.getInputs(input).getDatatype();
      ByteString raw = request.getRawInputContents(input);
      ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      long elements =
          request.getInputs(input).getShapeList().stream().reduce(1L, Math::multiplyExact);
      for (long i = 0; i < elements; i++) {
        values.add(value(type, bytes));
      }
      assertThat(bytes.hasRemaining()).as(type).isFalse();
    }
    return values;
  }

  private static double value(String type, ByteBuffer bytes) {
    return switch (type) {
      case "BOOL", "INT8" -> bytes.get();
      case "UINT8" -> Byte.toUnsignedInt(bytes.get());
      case "INT16" -> bytes.getShort();
      case "UINT16" -> Short.toUnsignedInt(bytes.getShort());
      case "INT32" -> bytes.getInt();
      case "UINT32" -> Integer.toUnsignedLong(bytes.getInt());
      case "INT64", "UINT64" -> bytes.getLong();
      case "FP16" -> Float.float16ToFloat(bytes.getShort());
      case "BF16" -> Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
      case "FP32" -> bytes.getFloat();
      case "FP64" -> bytes.getDouble();
      case "BYTES" -> {
        byte[] word = new byte[bytes.getInt()];
        bytes.get(word);
        assertThat(word).asString().matches("[a-z]+");
        yield word.length;
      }
      default -> throw new AssertionError(type);
    };
  }

  @Test
  void everyTypeOfTheProtocolIsMadeUpInItsOwnBytes() throws Exception {
    List<ModelInferRequest> requests = sent("--model=every", "--inputs=3", "--lengths=uniform:4:6");
    assertThat(requests)
        .allSatisfy(
            request ->
                assertThat(request.getInputsList())
                    .allSatisfy(input -> assertThat(input.getShapeList()).startsWith(3L, 2L))
                    .extracting(input -> input.getShape(2))
                    .containsOnly(request.getInputs(0).getShape(2)));
    assertThat(new HashSet<>(requests.stream().map(each -> each.getInputs(0).getShape(2)).toList()))
        .containsExactlyInAnyOrder(4L, 5L, 6L);
    for (int i = 0; i < InferenceServer.EVERY_TYPE.size(); i++) {
      String type = InferenceServer.EVERY_TYPE.get(i);
      List<Double> values = values(requests, i);
      boolean whole = type.contains("INT") || type.equals("BYTES");
      double most = type.equals("BYTES") ? 10 : whole ? 100 : 1;
      assertThat(values).as(type).allMatch(value -> value >= 0 && value <= most);
      assertThat(new HashSet<>(values)).as(type).hasSizeGreaterThan(type.equals("BOOL") ? 1 : 5);
    }
  }

  @Test
  void valuesAreOfTheRangesThatWereGiven() throws Exception {
    List<ModelInferRequest> requests =
        sent("--model=every", "--lengths=const:9", "--values=5:7.5", "--values=in_FP32=-1:-0.5");
    for (String type : List.of("INT8", "UINT16", "INT64", "UINT64")) {
      assertThat(values(requests, InferenceServer.EVERY_TYPE.indexOf(type)))
          .as(type)
          .contains(5.0, 6.0, 7.0)
          .allMatch(value -> value == 5 || value == 6 || value == 7);
    }
    assertThat(values(requests, InferenceServer.EVERY_TYPE.indexOf("FP16")))
        .allMatch(value -> value >= 5 && value <= 7.5);
    assertThat(values(requests, InferenceServer.EVERY_TYPE.indexOf("FP32")))
        .allMatch(value -> value >= -1 && value <= -0.5);
  }

  @Test
  void tokenIdsStayInAVocabulary() throws Exception {
    assertThat(values(sent("--model=ids", "--lengths=const:50"), 0))
        .hasSize(1_000)
        .allMatch(id -> id >= 1_000 && id < 20_000);
    List<ModelInferRequest> small = sent("--model=ids", "--lengths=const:50", "--values=1:30");
    assertThat(values(small, 0)).contains(1.0, 30.0).allMatch(id -> id >= 1 && id <= 30);
    assertThat(values(small, 1)).as("the mask").containsOnly(1.0);
  }

  @Test
  void rowsOfIdsAreAsWideAsTheModelSays() throws Exception {
    List<ModelInferRequest> requests = sent("--model=fixed", "--lengths=uniform:1:9");
    assertThat(requests)
        .allSatisfy(
            request -> assertThat(request.getInputs(0).getShapeList()).containsExactly(1L, 4L));
    assertThat(values(requests, 0)).contains(0.0).hasSize(80);
  }

  @Test
  void runsWithTheSameSeedSendTheSame() throws Exception {
    List<ModelInferRequest> first = sent("--model=image", "--seed=3");
    assertThat(first.getFirst().getInputs(0).getShapeList()).containsExactly(1L, 3L, 8L, 8L);
    assertThat(first.get(0)).isNotEqualTo(first.get(1));
    assertThat(sent("--model=image", "--seed=3")).isEqualTo(first);
    assertThat(sent("--model=image", "--seed=4")).isNotEqualTo(first);
  }

  @Test
  void theAnswersToThemCanBeGolden(@TempDir Path folder) throws Exception {
    String golden = folder.resolve("golden").toString();
    sent("--model=image", "--golden-record=" + golden);
    sent("--model=image", "--golden=" + golden);
    server.drifting = true;
    assertThat(
            run("--model=image", "--golden=" + golden)
                .json()
                .path("statusCodeDistribution")
                .toString())
        .isEqualTo("{\"DataLoss\":20}");
  }

  @Test
  void whatCannotBeMadeUpIsRefusedInOneLine(@TempDir Path folder) throws Exception {
    refused(
        "target oip: input X of odd is 'COMPLEX64', which is none of BOOL, INT8", "--model=odd");
    refused("inputs must be 1: lone takes no batches", "--model=lone", "--inputs=2");
    refused(
        "target oip: a call would be larger than 64 MiB",
        "--model=every",
        "--lengths=const:100000",
        "--inputs=10000");
    refused(
        "values: 0:300 is not within INT8, which input in_INT8 is: -128 to 127",
        "--model=every",
        "--values=0:300");
    refused("values: 0.2:0.7 is not within INT8", "--model=every", "--values=0.2:0.7");
    refused(
        "values: the model has no input 'x', only in_BOOL, in_INT8",
        "--model=every",
        "--values=x=0:1");
    refused("values: texts takes texts", "--model=texts", "--values=0:1");
    String corpus =
        "--corpus=" + Files.writeString(folder.resolve("c.jsonl"), "[1,2,3,4]\n[1,2,3,4,5]\n");
    refused("corpus: a row has 5 token ids; input input_ids takes 4", "--model=fixed", corpus);
    refused("corpus: image takes neither texts", "--model=image", corpus);
    assertThat(run("--values=7:5").err()).startsWith("sluice: --values wants LEAST:MOST");
    assertThat(run("--values=0:5", corpus).err()).startsWith("sluice: values does not go with");
    assertThat(server.infers).isEmpty();
  }

  private void refused(String why, String... flags) throws InterruptedException {
    LoadTest ran = run(flags);
    assertThat(ran.err()).startsWith("sluice: " + why).hasLineCount(1);
    assertThat(ran.code()).isEqualTo(1);
  }
}
