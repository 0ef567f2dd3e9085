// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAI embedding model of LangChain4j. */
@ExtendWith(SharedServer.class)
final class LangChain4jTest {
  private static final String TEXT = "water finds its way";

  private final RunningServer server;

  LangChain4jTest(RunningServer server) {
    this.server = server;
  }

  private OpenAiEmbeddingModelBuilder model() {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(server.openAi())
        .apiKey("none")
        .modelName(RunningServer.MODEL)
        .maxRetries(0);
  }

  @Test
  void oneText() {
    Response<Embedding> response = model().build().embed(TEXT);

    assertThat(response.content().vector())
        .containsExactly(Reference.embed(server, 0, List.of(TEXT)).get(0));
    // Two of them stand around the words of every text.
    assertThat(response.tokenUsage()).extracting(TokenUsage::inputTokenCount).isEqualTo(4 + 2);
  }

  /** One request to the server, and many model batches. */
  @ParameterizedTest
  @ValueSource(strings = {"float", "base64"})
  void hundredsOfSegmentsComeBackInOrder(String encoding) {
    List<String> texts = Reference.texts(600);
    Response<List<Embedding>> response =
        model()
            .encodingFormat(encoding)
            .build()
            .embedAll(texts.stream().map(TextSegment::from).toList());

    Reference.assertSame(
        response.content().stream().map(Embedding::vector).toList(),
        Reference.embed(server, 0, texts));
  }

  @Test
  void segmentsMayBeSentInSeveralRequests() {
    List<String> texts = Reference.texts(50);
    Response<List<Embedding>> response =
        model()
            .maxSegmentsPerBatch(7)
            .build()
            .embedAll(texts.stream().map(TextSegment::from).toList());

    Reference.assertSame(
        response.content().stream().map(Embedding::vector).toList(),
        Reference.embed(server, 0, texts));
  }

  @Test
  void fewerDimensions() {
    float[] vector = model().dimensions(128).build().embed(TEXT).content().vector();

    assertThat(vector).containsExactly(Reference.embed(server, 128, List.of(TEXT)).get(0));
  }

  @Test
  void errorsAreTheOnesThatOpenAiGives() {
    assertThatThrownBy(() -> model().modelName("nobody").build().embed(TEXT))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("nobody")
        .hasMessageContaining("model_not_found");
    assertThatThrownBy(() -> model().dimensions(385).build().embed(TEXT))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("dimensions");
  }
}
