// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.models.engine.DjlEngines;
import dev.sluice.models.engine.Graph;
import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;
import dev.sluice.models.text.Tokenizer;
import dev.sluice.models.text.Truncation;
import dev.sluice.proto.v1.EmbedRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of sentence-transformers, compared with the graph's own token vectors, pooled here. */
final class PoolingEndToEndTest {
  private static final String[] TEXTS = {"a text", "another text, which has more tokens"};

  @TempDir static Path repository;
  private static TestServer server;
  private static ModelSpec embedded;

  @BeforeAll
  static void start() throws Exception {
    embedded = EmbeddedModel.allMiniLmL6V2(TestServer.CACHE);
    TextModels.write(
        repository, "mean", "{\"embedding_dimension\": 384, \"pooling_mode\": \"mean\"}");
    TextModels.write(
        repository, "cls", "{\"embedding_dimension\": 384, \"pooling_mode\": \"cls\"}");
    TextModels.write(
        repository,
        "cls-old",
        "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}");
    server = TestServer.repository(repository);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void theNewFormServesTheMeanOfTheTokenVectors() throws Exception {
    compare("mean", true);
  }

  @Test
  void clsServesTheFirstTokensVectorInBothForms() throws Exception {
    compare("cls", false);
    compare("cls-old", false);
  }

  private static void compare(String model, boolean mean) throws Exception {
    EmbedRequest request = Vectors.texts(TEXTS).toBuilder().setModel(model).build();
    float[][] served = Vectors.of(server.embeddings().embed(request));
    for (int i = 0; i < TEXTS.length; i++) {
      float[][] tokens = tokenVectors(TEXTS[i]);
      float[] expected = mean ? mean(tokens) : tokens[0];
      assertThat(Vectors.cosine(served[i], expected)).isCloseTo(1, within(1e-5));
    }
  }

  /** One row per token of the text, alone in its batch. */
  private static float[][] tokenVectors(String text) throws Exception {
    TextSpec spec = Objects.requireNonNull(embedded.text());
    try (Tokenizer tokenizer = Tokenizer.load(spec);
        Graph graph = new DjlEngines().load(embedded);
        GraphLane lane = graph.newLane()) {
      int[] ids = tokenizer.tokenize(text, Truncation.NONE).ids();
      List<Tensor> inputs = new ArrayList<>();
      for (TensorSpec input : graph.inputs()) {
        inputs.add(input(input.name(), ids));
      }
      Tensor output = lane.run(inputs).getFirst();
      int width = Math.toIntExact(output.dim(2));
      float[][] rows = new float[ids.length][width];
      var data = output.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      for (float[] row : rows) {
        data.get(row);
      }
      return rows;
    }
  }

  private static Tensor input(String name, int[] ids) {
    ByteBuffer data = ByteBuffer.allocate(ids.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int id : ids) {
      data.putLong(
          switch (name) {
            case "input_ids" -> id;
            case "attention_mask" -> 1;
            default -> 0;
          });
    }
    return new Tensor(DType.INT64, new long[] {1, ids.length}, data.flip());
  }

  private static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (float[] row : rows) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += row[i] / rows.length;
      }
    }
    return mean;
  }
}
