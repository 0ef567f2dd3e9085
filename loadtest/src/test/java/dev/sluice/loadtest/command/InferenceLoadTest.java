// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.sluice.loadtest.support.GreeterServer;
import dev.sluice.loadtest.support.InferenceServer;
import dev.sluice.loadtest.support.LoadTest;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.v1.EmbedRequest;
import java.io.IOException;
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

/** Loads of inference requests against a real server, over gRPC. */
final class InferenceLoadTest {
  @TempDir private Path folder;
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
    List<String> args = new ArrayList<>(List.of("--insecure", "-Ojson", "-c1", server.host()));
    args.addAll(Arrays.asList(flags));
    return LoadTest.run(args.toArray(String[]::new));
  }

  private static JsonNode good(LoadTest ran, int count) {
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().path("statusCodeDistribution").toString())
        .isEqualTo("{\"OK\":" + count + "}");
    return ran.json();
  }

  private static void refused(LoadTest ran, int code, String why) {
    assertThat(ran.err()).startsWith("sluice: " + why);
    assertThat(ran.code()).isEqualTo(code);
  }

  private String corpus(String name, String... lines) throws IOException {
    return "--corpus=" + Files.write(folder.resolve(name), List.of(lines));
  }

  @Test
  void theTextsOfAFileTakeTurns() throws Exception {
    String corpus = corpus("c.txt", "one", "", "two words", "three");
    JsonNode report = good(run("--target=sluice", corpus, "-n4", "--model=m"), 4);
    assertThat(server.texts).containsExactly("one", "two words", "three", "one");
    assertThat(server.embeds).extracting(EmbedRequest::getModel).containsOnly("m");
    assertThat(report.path("options").path("call").asText())
        .isEqualTo("sluice.v1.EmbeddingService/Embed");
  }

  @Test
  void jsonLinesHaveTextsAndTokenIds() throws Exception {
    String corpus =
        corpus("c.jsonl", "\"a\"", "{\"text\":\"b\"}", "{\"input\":\"c\"}", "[101,7,102]");
    good(run("--target=sluice", corpus, "-n2", "--inputs=2"), 2);
    assertThat(server.texts).containsExactly("a", "b", "c", "[101, 7, 102]");
  }

  @Test
  void withoutAFileTextsAreMadeUpToTheirLengthsTheSameForASeed() throws Exception {
    good(run("--target=tei", "--lengths=uniform:2:9", "-n200", "--seed=7"), 200);
    List<String> first = List.copyOf(server.texts);
    assertThat(first).allSatisfy(text -> assertThat(text.split(" ")).hasSizeBetween(2, 9));
    assertThat(first.stream().map(text -> text.split(" ").length).distinct()).hasSize(8);
    server.texts.clear();
    good(run("--target=tei", "--lengths=uniform:2:9", "-n200", "--seed=7"), 200);
    assertThat(server.texts).containsExactlyElementsOf(first);
    server.texts.clear();
    good(run("--target=tei", "--lengths=uniform:2:9", "-n200", "--seed=8"), 200);
    assertThat(List.copyOf(server.texts)).isNotEqualTo(first);
  }

  @Test
  void aModelOfTextsGetsThemAsBytes() throws Exception {
    good(
        run("--target=oip", "--model=texts", corpus("c.txt", "ab", "\u00fc"), "--inputs=2", "-n1"),
        1);
    ModelInferRequest request = server.infers.element();
    assertThat(request.getInputs(0).getName()).isEqualTo("TEXT");
    assertThat(request.getInputs(0).getShapeList()).containsExactly(2L, 1L);
    assertThat(request.getRawInputContents(0))
        .isEqualTo(
            ByteString.copyFrom(
                new byte[] {2, 0, 0, 0, 'a', 'b', 2, 0, 0, 0, (byte) 0xc3, (byte) 0xbc}));
  }

  @Test
  void aModelOfTokenIdsGetsThemWithMaskAndTypes() throws Exception {
    good(
        run("--target=oip", "--model=ids", corpus("c.jsonl", "[5]", "[6,7]"), "--inputs=2", "-n1"),
        1);
    ModelInferRequest request = server.infers.element();
    assertThat(request.getInputsList())
        .allSatisfy(input -> assertThat(input.getShapeList()).containsExactly(2L, 2L));
    assertThat(longs(request.getRawInputContents(0))).containsExactly(5, 0, 6, 7);
    assertThat(longs(request.getRawInputContents(1))).containsExactly(1, 0, 1, 1);
    assertThat(longs(request.getRawInputContents(2))).containsExactly(0, 0, 0, 0);
    server.infers.clear();
    good(run("--target=oip", "--model=ids", "--lengths=const:3", "-n1"), 1);
    assertThat(server.infers.element().getInputs(0).getShapeList()).containsExactly(1L, 3L);
  }

  private static List<Integer> longs(ByteString bytes) {
    List<Integer> low = new ArrayList<>();
    for (int i = 0; i < bytes.size(); i += Long.BYTES) {
      low.add((int) bytes.byteAt(i));
    }
    return low;
  }

  @Test
  void tenantsAreMixedByWeight() throws Exception {
    good(run("--target=sluice", "-n1000", "--mix=tenant=gold:3,free:1"), 1_000);
    assertThat(new HashSet<>(server.tenants)).containsExactlyInAnyOrder("gold", "free");
    assertThat(server.tenants.stream().filter("gold"::equals).count()).isBetween(650L, 850L);
  }

  @Test
  void metadataOfAllCallsStandsBesideTheMix() throws Exception {
    good(run("--target=sluice", "-n3", "-m{\"sluice-tenant\":\"t\"}"), 3);
    assertThat(server.tenants).containsExactly("t", "t", "t");
    refused(
        run("--target=sluice", "-m{\"sluice-tenant\":\"{{.WorkerID}}\"}"),
        1,
        "metadata: there are no templates where there is a target");
  }

  @Test
  void answersThatAreNotTheGoldenOnesAreErrorsOfTheirOwn() throws Exception {
    String corpus = corpus("c.txt", "one", "two", "three");
    Path golden = folder.resolve("golden.jsonl");
    LoadTest recorded = run("--target=sluice", corpus, "-n9", "--golden-record=" + golden);
    good(recorded, 9);
    assertThat(recorded.err()).isEqualTo("sluice: 3 answers recorded\n");
    assertThat(golden).content().doesNotContain("three").hasLineCount(3);

    String check = "--golden=" + golden;
    good(run("--target=sluice", corpus, "-n9", check), 9);
    good(run("--target=tei", corpus, "-n9", check), 9);
    server.drifting = true;
    JsonNode wrong = run("--target=sluice", corpus, "-n9", check).json();
    assertThat(wrong.path("statusCodeDistribution").toString()).isEqualTo("{\"DataLoss\":9}");
    assertThat(wrong.path("errorDistribution").toString())
        .isEqualTo("{\"rpc error: code = DataLoss desc = golden: a cosine is below 0.999\":9}");
    assertThat(wrong.path("sluice").path("wrongAnswers").asInt()).isEqualTo(9);
    assertThat(wrong.path("sluice").path("wrongAnswerDistribution").toString())
        .isEqualTo("{\"a cosine is below 0.999\":9}");
    good(run("--target=sluice", corpus, "-n9", check, "--golden-cosine=0"), 9);
  }

  @Test
  void anInputThatTheGoldenFileLacksIsAnErrorToo() throws Exception {
    Path golden = folder.resolve("golden.jsonl");
    good(run("--target=sluice", corpus("a.txt", "a"), "-n1", "--golden-record=" + golden), 1);
    LoadTest ran = run("--target=sluice", corpus("b.txt", "a", "b"), "-n4", "--golden=" + golden);
    assertThat(ran.json().path("statusCodeDistribution").toString())
        .isEqualTo("{\"DataLoss\":2,\"OK\":2}");
  }

  @Test
  void whatTheServerMeasuredMeanwhileStandsBesideTheClientsView() throws Exception {
    JsonNode report = good(run("--target=sluice", "-n10", "--server-stats"), 10);
    JsonNode told = report.path("sluice").path("server");
    assertThat(told.path("stages").toString())
        .isEqualTo(
            "[{\"name\":\"request\",\"count\":10,\"mean\":4000000},"
                + "{\"name\":\"queue\",\"count\":10,\"mean\":1000000},"
                + "{\"name\":\"compute infer\",\"count\":10,\"mean\":3000000}]");
    assertThat(told.path("batchSizes").toString()).isEqualTo("{\"2\":5}");
    LoadTest summary =
        LoadTest.run("--insecure", "--target=sluice", "-n10", "--server-stats", server.host());
    assertThat(summary.out())
        .contains("Server's view, on average:\n")
        .contains("  queue\t1.00 ms\t10 times\n", "  client\t", "  batches\t5 of 2\n");
  }

  @Test
  void aServerWithoutStatisticsIsLoadedAllTheSame() throws Exception {
    try (GreeterServer greeter = new GreeterServer()) {
      LoadTest ran =
          LoadTest.run(
              "--insecure",
              "--proto=" + GreeterServer.proto(),
              "--call=greet.Greeter/Hello",
              "-n5",
              "-c1",
              "-Ojson",
              "--server-stats",
              greeter.host());
      assertThat(ran.err()).isEqualTo("sluice: the server tells no statistics: UNIMPLEMENTED\n");
      assertThat(ran.json().path("statusCodeDistribution").toString()).isEqualTo("{\"OK\":5}");
    }
  }

  @Test
  void badInputIsRefusedNamingWhatIsWrong() throws Exception {
    refused(run("--target=sluce"), 2, "--target must be one of none, oip, sluice");
    refused(run("--corpus=x", "--call=a.B/C"), 2, "corpus needs a target");
    refused(run("--target=oip", "--call=a.B/C"), 2, "target does not go with call");
    refused(run("--target=tei", "--inputs=2"), 2, "inputs must be 1");
    refused(run("--target=tei", "--lengths=normal:1"), 2, "--lengths wants const:N");
    refused(run("--target=tei", "--mix=tenant=gold"), 2, "--mix wants VALUE:WEIGHT");
    refused(run("--target=tei", "--mix=a-bin=b:1"), 2, "--mix wants KEY=VALUE:WEIGHT");
    String nowhere = folder.resolve("no/g").toString();
    refused(run("--target=tei", "--golden-record=" + nowhere), 1, "golden-record: " + nowhere);
    refused(run("--target=tei", "--corpus=none.txt"), 1, "corpus: none.txt cannot be read");
    String ids = corpus("c.jsonl", "[1]");
    refused(run("--target=tei", ids), 1, "corpus: tei takes texts, no token ids");
    refused(run("--target=oip", "--model=texts", ids), 1, "corpus: the model takes texts");
    refused(run("--target=oip", "--model=x"), 1, "model: the server does not say what 'x' takes");
    String broken = corpus("d.jsonl", "\"a\"", "{\"txt\":1}");
    refused(run("--target=tei", broken), 1, "corpus: " + folder.resolve("d.jsonl") + ": line 2 ");
    Path golden = Files.writeString(folder.resolve("g"), "{}\n");
    refused(run("--target=tei", "--golden=" + golden), 1, "golden: " + golden + ": line 1 ");
    Path lengths = Files.writeString(folder.resolve("l"), "5 1\n0 2\n");
    refused(
        run("--target=tei", "--lengths=file:" + lengths), 1, "lengths: " + lengths + ": line 2 ");
  }
}
