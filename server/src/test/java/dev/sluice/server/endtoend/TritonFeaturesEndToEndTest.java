// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxBuilder;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.proto.inference.InferParameter;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelInferRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.inference.RepositoryIndexResponse.ModelIndex;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Triton {@code config.pbtxt} asks for, seen by a client of the running server. */
final class TritonFeaturesEndToEndTest {
  private static final String SHAPES =
      """
      max_batch_size: 4
      input [ { name: "INPUT0" data_type: TYPE_FP32 dims: [ 3 ] } ]
      output [ { name: "OUTPUT0" data_type: TYPE_FP32 dims: [ 3 ] %s } ]
      """;

  @TempDir static Path repository;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    versions("latest-two", "version_policy { latest { num_versions: 2 } }");
    versions("specific", "version_policy { specific { versions: [ 1, 4 ] } }");
    versions("every", "version_policy { all { } }");
    versions("missing", "version_policy { specific { versions: [ 9 ] } }");
    versions("instances", "instance_group [ { count: 2 kind: KIND_CPU }, { kind: KIND_CPU } ]");
    labelled();
    warmedUp("warmed", 0);
    warmedUp("cold", 7);
    server = TestServer.repository(repository);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void versions(String name, String rest) throws Exception {
    for (String version : List.of("1", "2", "4")) {
      identity().write(model(name, version));
    }
    config(name, SHAPES.formatted("") + rest);
  }

  private static void labelled() throws Exception {
    identity().write(model("labelled", "1"));
    config("labelled", SHAPES.formatted("label_filename: \"labels.txt\""));
    Files.writeString(repository.resolve("labelled/labels.txt"), "cat\ndog\neel\n");
  }

  /** Looks a row up in a table of three; an index out of it fails the run. */
  private static void warmedUp(String name, long index) throws Exception {
    new OnnxBuilder()
        .input("i", DType.INT64, -1, 1)
        .output("y", DType.FP32, -1, 1)
        .constant("table", Tensors.fp32(new long[] {3}, 5, 6, 7))
        .node("Gather", List.of("table", "i"), List.of("y"))
        .write(model(name, "1"));
    config(
        name,
        """
        max_batch_size: 4
        model_warmup [ { name: "row" batch_size: 1 inputs { key: "i"
          value { data_type: TYPE_INT64 dims: [ 1 ] input_data_file: "index" } } } ]
        """);
    Path warmup = Files.createDirectories(repository.resolve(name).resolve("warmup"));
    byte[] data =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(index).array();
    Files.write(warmup.resolve("index"), data);
  }

  private static OnnxBuilder identity() {
    return OnnxModels.identity(DType.FP32, -1, 3);
  }

  private static Path model(String name, String version) {
    return repository.resolve(name).resolve(version).resolve("model.onnx");
  }

  private static void config(String name, String text) throws Exception {
    Files.writeString(repository.resolve(name).resolve("config.pbtxt"), text);
  }

  private static List<String> ready(String name) {
    return indexed(name).stream()
        .filter(model -> model.getState().equals("READY"))
        .map(ModelIndex::getVersion)
        .toList();
  }

  private static List<ModelIndex> indexed(String name) {
    return server
        .inference()
        .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
        .getModelsList()
        .stream()
        .filter(model -> model.getName().equals(name))
        .toList();
  }

  @Test
  void theVersionPolicyDecidesWhatServes() {
    assertThat(ready("latest-two")).containsExactly("2", "4");
    assertThat(ready("specific")).containsExactly("1", "4");
    assertThat(ready("every")).containsExactly("1", "2", "4");
    assertThat(ready("instances")).containsExactly("4");
    assertThat(indexed("missing").getFirst().getReason())
        .contains("version_policy asks for version 9, but the folders are [1, 2, 4]");
  }

  @Test
  void instanceGroupsAddUpToLanes() {
    var config =
        server
            .inference()
            .modelConfig(ModelConfigRequest.newBuilder().setName("instances").build())
            .getConfig();
    assertThat(config.getInstanceGroupList().stream().mapToInt(g -> g.getCount()).sum())
        .isEqualTo(3);
    assertThat(server.server().serving())
        .filteredOn(served -> served.name().equals("instances"))
        .singleElement()
        .satisfies(served -> assertThat(served.lanes()).hasSize(3));
  }

  @Test
  void warmUpFilesAreRunBeforeAModelServes() {
    assertThat(ready("warmed")).containsExactly("1");
    assertThat(indexed("cold").getFirst().getReason())
        .contains("the warm-up 'row' failed")
        .contains("out of data bounds");
  }

  @Test
  void aClassificationIsAnsweredWithScoreIndexAndLabel() {
    ModelInferRequest.Builder request = Infer.on("labelled");
    Infer.with(request, "INPUT0", Tensors.fp32(new long[] {2, 3}, 1, 3, 2, 9, 7, 8));
    request.addOutputs(
        ModelInferRequest.InferRequestedOutputTensor.newBuilder()
            .setName("OUTPUT0")
            .putParameters("classification", InferParameter.newBuilder().setInt64Param(2).build()));
    ModelInferResponse response = server.inference().modelInfer(request.build());
    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L, 2L);
    assertThat(response.getRawOutputContents(0).toStringUtf8())
        .containsSubsequence(":1:dog", ":2:eel", ":0:cat", ":2:eel");
  }
}
