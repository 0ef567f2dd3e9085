// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.testing.OnnxModels;
import dev.sluice.models.testing.Tensors;
import dev.sluice.models.testing.TorchScripts;
import dev.sluice.proto.inference.ModelConfigRequest;
import dev.sluice.proto.inference.ModelInferResponse;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelReadyRequest;
import dev.sluice.proto.inference.RepositoryIndexRequest;
import dev.sluice.proto.inference.RepositoryIndexResponse.ModelIndex;
import dev.sluice.proto.v1.EmbedRequest;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository with every kind of model in it, and several that cannot be served. */
final class RepositoryEndToEndTest {
  @TempDir static Path repository;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    tritonOnnx();
    tritonTorchScript();
    sentenceTransformers();
    OnnxModels.identity(DType.FP32, -1, 3).write(repository.resolve("bare-onnx.onnx"));
    TorchScripts.addSub(repository.resolve("bare-torch.pt"));
    OnnxModels.classifierWithMaps("cat", "dog", "eel").write(repository.resolve("tabular.onnx"));
    truncated();
    Files.write(
        Files.createDirectories(repository.resolve("pickle")).resolve("model.pt"),
        new byte[] {(byte) 0x80, 2, 'X'});
    Files.createSymbolicLink(repository.resolve("escape"), Path.of("/usr"));
    server = TestServer.repository(repository);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void tritonOnnx() throws Exception {
    Path model = repository.resolve("triton-onnx");
    for (String version : new String[] {"1", "3"}) {
      OnnxModels.addSub(DType.FP32, -1, 2)
          .write(Files.createDirectories(model.resolve(version)).resolve("model.onnx"));
    }
    Files.writeString(
        model.resolve("config.pbtxt"),
        """
        name: "triton-onnx"
        platform: "onnxruntime_onnx"
        max_batch_size: 8
        input [ { name: "INPUT0" data_type: TYPE_FP32 dims: [ 2 ] },
                { name: "INPUT1" data_type: TYPE_FP32 dims: [ 2 ] } ]
        output [ { name: "OUTPUT0" data_type: TYPE_FP32 dims: [ 2 ] },
                 { name: "OUTPUT1" data_type: TYPE_FP32 dims: [ 2 ] } ]
        version_policy { all { } }
        instance_group [ { count: 2 kind: KIND_CPU } ]
        dynamic_batching { max_queue_delay_microseconds: 100 }
        model_warmup [ { name: "zeros" batch_size: 4
          inputs { key: "INPUT0" value: { data_type: TYPE_FP32 dims: [ 2 ] zero_data: true } }
          inputs { key: "INPUT1" value: { data_type: TYPE_FP32 dims: [ 2 ] zero_data: true } } } ]
        """);
  }

  private static void tritonTorchScript() throws Exception {
    Path model = repository.resolve("triton-torch");
    TorchScripts.linear(
        Files.createDirectories(model.resolve("1")).resolve("model.pt"), 1, 2, 3, 4);
    Files.writeString(
        model.resolve("config.pbtxt"),
        """
        platform: "pytorch_libtorch"
        max_batch_size: 4
        input [ { name: "INPUT__0" data_type: TYPE_FP32 dims: [ 2 ] } ]
        output [ { name: "OUTPUT__0" data_type: TYPE_FP32 dims: [ 2 ] } ]
        """);
  }

  /** The embedded model's own files, laid out as sentence-transformers does. */
  private static void sentenceTransformers() throws Exception {
    ModelSpec embedded = EmbeddedModel.allMiniLmL6V2(TestServer.CACHE);
    Path model = Files.createDirectories(repository.resolve("my-encoder"));
    Files.copy(
        embedded.file(), Files.createDirectories(model.resolve("onnx")).resolve("model.onnx"));
    TextSpec text = Objects.requireNonNull(embedded.text());
    Files.copy(text.tokenizer(), model.resolve("tokenizer.json"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"architectures": ["BertModel"], "model_type": "bert", "max_position_embeddings": 512,
         "pad_token_id": 0, "hidden_size": 384}
        """);
    Files.writeString(
        model.resolve("modules.json"),
        """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """);
    Files.writeString(model.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 128}");
    Files.writeString(
        Files.createDirectories(model.resolve("1_Pooling")).resolve("config.json"),
        "{\"word_embedding_dimension\": 384, \"pooling_mode_mean_tokens\": true}");
  }

  private static void truncated() throws Exception {
    Path whole = OnnxModels.addSub(DType.FP32, -1, 2).write(repository.resolve("broken.onnx"));
    byte[] bytes = Files.readAllBytes(whole);
    Files.write(whole, java.util.Arrays.copyOf(bytes, bytes.length / 2));
  }

  @Test
  void theIndexSaysOfEveryModelWhetherAndWhyNot() {
    Map<String, ModelIndex> index =
        server
            .inference()
            .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
            .getModelsList()
            .stream()
            .collect(
                Collectors.toMap(m -> m.getName() + "/" + m.getVersion(), Function.identity()));
    assertThat(index.keySet())
        .contains(
            "triton-onnx/1",
            "triton-onnx/3",
            "triton-torch/1",
            "my-encoder/1",
            "bare-onnx/1",
            "bare-torch/1",
            "tabular/1");
    index.forEach(
        (key, model) -> {
          boolean broken = key.matches("(broken|pickle|escape)/.*");
          assertThat(model.getState())
              .as(key + ": " + model.getReason())
              .isEqualTo(broken ? "UNAVAILABLE" : "READY");
          assertThat(model.getReason().isEmpty()).as(model.getReason()).isEqualTo(!broken);
          assertThat(model.getReason()).doesNotContain(repository.toString());
        });
    assertThat(index.keySet()).anyMatch(key -> key.startsWith("broken/"));
    assertThat(index.keySet()).anyMatch(key -> key.startsWith("pickle/"));
  }

  @Test
  void aTritonModelAnswersWithItsNewestVersionUnlessOneIsNamed() {
    var request = Infer.on("triton-onnx");
    Infer.with(request, "INPUT0", Tensors.fp32(new long[] {2, 2}, 1, 2, 3, 4));
    Infer.with(request, "INPUT1", Tensors.fp32(new long[] {2, 2}, 10, 20, 30, 40));
    ModelInferResponse newest = server.inference().modelInfer(request.build());
    assertThat(newest.getModelVersion()).isEqualTo("3");
    assertThat(Infer.floats(newest, "OUTPUT0")).containsExactly(11, 22, 33, 44);
    assertThat(Infer.floats(newest, "OUTPUT1")).containsExactly(-9, -18, -27, -36);
    ModelInferResponse first = server.inference().modelInfer(request.setModelVersion("1").build());
    assertThat(first.getModelVersion()).isEqualTo("1");
  }

  @Test
  void torchScriptGivesPyTorchsOwnNumbers() {
    var request = Infer.on("triton-torch");
    Infer.with(request, "INPUT__0", Tensors.fp32(new long[] {1, 2}, 5, 6));
    ModelInferResponse response = server.inference().modelInfer(request.build());
    assertThat(Infer.floats(response, "OUTPUT__0")).containsExactly(5 * 1 + 6 * 3, 5 * 2 + 6 * 4);
  }

  @Test
  void aBareTorchScriptFileTakesTheArgumentsOfItsForward() {
    var request = Infer.on("bare-torch");
    Infer.with(request, "x", Tensors.fp32(new long[] {3}, 1, 2, 3));
    Infer.with(request, "y", Tensors.fp32(new long[] {3}, 3, 2, 1));
    ModelInferResponse response = server.inference().modelInfer(request.build());
    assertThat(Infer.floats(response, "OUTPUT__0")).containsExactly(4, 4, 4);
    assertThat(Infer.floats(response, "OUTPUT__1")).containsExactly(-2, 0, 2);
  }

  @Test
  void aTabularModelGivesItsLabelsAndItsProbabilitiesAsTensors() {
    var request = Infer.on("tabular");
    Infer.with(request, "float_input", Tensors.fp32(new long[] {2, 2}, 3, 0, 0, 5));
    ModelInferResponse response = server.inference().modelInfer(request.build());
    assertThat(response.getOutputsList())
        .extracting(ModelInferResponse.InferOutputTensor::getName)
        .containsExactly("output_label", "output_probability");
    assertThat(response.getRawOutputContents(0).toStringUtf8()).isEqualTo("\3\0\0\0cat\3\0\0\0dog");
    assertThat(response.getOutputs(1).getShapeList()).containsExactly(2L, 3L);
    assertThat(Infer.floats(response, "output_probability")[0]).isGreaterThan(0.9f);
  }

  @Test
  void aSentenceTransformersFolderEmbedsLikeTheModelItHolds() throws Exception {
    EmbedRequest request = Vectors.texts("a text", "another, longer text");
    float[][] vectors = Vectors.of(server.embeddings().embed(request));
    try (TestServer embedded = TestServer.embedded()) {
      float[][] expected = Vectors.of(embedded.embeddings().embed(request));
      for (int i = 0; i < expected.length; i++) {
        assertThat(Vectors.cosine(expected[i], vectors[i])).isGreaterThan(0.99999);
      }
    }
  }

  @Test
  void metadataAndConfigurationAgreeOnNamesAndTheBatchDimension() {
    var metadata =
        server
            .inference()
            .modelMetadata(ModelMetadataRequest.newBuilder().setName("triton-onnx").build());
    var config =
        server
            .inference()
            .modelConfig(ModelConfigRequest.newBuilder().setName("triton-onnx").build())
            .getConfig();
    assertThat(config.getMaxBatchSize()).isEqualTo(8);
    assertThat(metadata.getVersionsList()).containsExactly("1", "3");
    assertThat(metadata.getPlatform()).isEqualTo("onnxruntime_onnx");
    assertThat(metadata.getInputs(0).getShapeList()).containsExactly(-1L, 2L);
    assertThat(config.getInput(0).getName()).isEqualTo(metadata.getInputs(0).getName());
    assertThat(config.getInput(0).getDimsList()).containsExactly(2L);
    assertThat(config.getInstanceGroup(0).getCount()).isEqualTo(2);
  }

  @Test
  void wrongTensorsAreRefusedNamingTheField() {
    refuse("INPUT0", Tensors.fp32(new long[] {1, 3}, 1, 2, 3), "[-1, 2]");
    refuse("INPUT0", Tensors.int32(new long[] {1, 2}, 1, 2), "FP32");
    refuse("INPUT0", Tensors.fp32(new long[] {2}, 1, 2), "INPUT0");
    refuse("INPUT0", Tensors.fp32(new long[] {0, 2}), "no rows");
    refuse("INPUT0", Tensors.fp32(new long[] {9, 2}, new float[18]), "at most 8");
    refuse("INPUT0", Tensors.fp32(new long[] {2, 2}, 1, 2, 3, 4), "rows");
    refuse("INPUT9", Tensors.fp32(new long[] {1, 2}, 1, 2), "INPUT0");
  }

  /** Everything else about the request is right. */
  private static void refuse(String name, dev.sluice.models.tensor.Tensor tensor, String mention) {
    var request = Infer.on("triton-onnx");
    Infer.with(request, name, tensor);
    Infer.with(request, "INPUT1", Tensors.fp32(new long[] {1, 2}, 1, 2));
    assertThatThrownBy(() -> server.inference().modelInfer(request.build()))
        .satisfies(
            thrown -> {
              Status status = Status.fromThrowable(thrown);
              assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(status.toString()).contains(mention);
            });
  }

  @Test
  void aModelThatIsNotServedSaysSoAndHurtsNobody() {
    assertThat(ready("broken")).isFalse();
    assertThat(ready("tabular")).isTrue();
    assertThatThrownBy(() -> server.inference().modelInfer(Infer.on("broken").build()))
        .satisfies(
            thrown ->
                assertThat(Status.fromThrowable(thrown).getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE));
  }

  private static boolean ready(String model) {
    return server
        .inference()
        .modelReady(ModelReadyRequest.newBuilder().setName(model).build())
        .getReady();
  }
}
