// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.openai.OpenAiEmbeddingOptions.EncodingFormat;

/** The OpenAI embedding model of Spring AI, and OpenAI's own Java client under it. */
@ExtendWith(SharedServer.class)
final class SpringAiTest {
  private static final String TEXT = "water finds its way";

  private final RunningServer server;

  SpringAiTest(RunningServer server) {
    this.server = server;
  }

  private OpenAiEmbeddingOptions.Builder options() {
    return OpenAiEmbeddingOptions.builder()
        .baseUrl(server.openAi())
        .apiKey("none")
        .model(RunningServer.MODEL)
        .maxRetries(0);
  }

  private static OpenAiEmbeddingModel model(OpenAiEmbeddingOptions.Builder options) {
    return OpenAiEmbeddingModel.builder().options(options.build()).build();
  }

  @Test
  void oneText() {
    assertThat(model(options()).embed(TEXT))
        .containsExactly(Reference.embed(server, 0, List.of(TEXT)).get(0));
  }

  @ParameterizedTest
  @EnumSource(EncodingFormat.class)
  void hundredsOfTextsComeBackInOrder(EncodingFormat encoding) {
    List<String> texts = Reference.texts(600);
    EmbeddingResponse response = model(options().encodingFormat(encoding)).embedForResponse(texts);

    Reference.assertSame(
        response.getResults().stream().map(Embedding::getOutput).toList(),
        Reference.embed(server, 0, texts));
    assertThat(response.getMetadata().getModel()).isEqualTo(RunningServer.MODEL);
    assertThat(response.getMetadata().getUsage().getPromptTokens()).isGreaterThan(600 * 3);
  }

  @Test
  void fewerDimensions() {
    OpenAiEmbeddingModel model = model(options().dimensions(128));

    assertThat(model.embed(TEXT))
        .containsExactly(Reference.embed(server, 128, List.of(TEXT)).get(0));
  }

  /** Spring finds out the size of a vector store's columns with a request of its own. */
  @Test
  void theDimensionsOfTheModelAreFound() {
    assertThat(model(options()).dimensions()).isEqualTo(384);
  }

  @Test
  void errorsAreTheOnesThatOpenAiGives() {
    assertThatThrownBy(() -> model(options().model("nobody")).embed(TEXT))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            error -> {
              assertThat(error.code()).hasValue("model_not_found");
              assertThat(error).hasMessageContaining("nobody");
            });
    assertThatThrownBy(() -> model(options().dimensions(385)).embed(TEXT))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            error -> {
              assertThat(error.param()).hasValue("dimensions");
              assertThat(error.type()).hasValue("invalid_request_error");
            });
  }
}
