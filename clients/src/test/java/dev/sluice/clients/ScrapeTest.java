// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;

/** What Prometheus would see of what other clients did. */
@ExtendWith(SharedServer.class)
final class ScrapeTest {
  private static final int ABSENT = 127;
  private static final int UNREADABLE = 1;

  private record Growth(Scrape before, Scrape after) {
    double of(String name) {
      return after.value(name) - before.value(name);
    }

    double of(String name, String label, String labelled) {
      return after.value(name, label, labelled) - before.value(name, label, labelled);
    }
  }

  private final RunningServer server;

  ScrapeTest(RunningServer server) {
    this.server = server;
  }

  private OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder langChain4j() {
    return OpenAiEmbeddingModel.builder()
        .baseUrl(server.openAi())
        .apiKey("none")
        .modelName(RunningServer.MODEL)
        .maxRetries(0);
  }

  private EmbeddingResponse springAi(List<String> texts) {
    return org.springframework.ai.openai.OpenAiEmbeddingModel.builder()
        .options(
            OpenAiEmbeddingOptions.builder()
                .baseUrl(server.openAi())
                .apiKey("none")
                .model(RunningServer.MODEL)
                .build())
        .build()
        .embedForResponse(texts);
  }

  /** Tests run one after the other, so nobody else makes requests meanwhile. */
  @ParameterizedTest
  @EnumSource
  void theCountsAreThoseOfTheClients(ScrapeFormat format) throws Exception {
    Scrape before = Scrape.of(server, format);
    // 40 segments, 7 at a time: 6 requests. 9 texts at once: one more.
    var langChain =
        langChain4j()
            .maxSegmentsPerBatch(7)
            .build()
            .embedAll(Reference.texts(40).stream().map(TextSegment::from).toList());
    EmbeddingResponse spring = springAi(Reference.texts(9));
    assertThatThrownBy(() -> langChain4j().modelName("nobody").build().embed("a"));
    assertThatThrownBy(() -> langChain4j().dimensions(385).build().embed("a"));
    Scrape after = Scrape.of(server, format);

    int tokens =
        Objects.requireNonNull(langChain.tokenUsage()).inputTokenCount()
            + spring.getMetadata().getUsage().getPromptTokens();
    Growth growth = new Growth(before, after);
    assertThat(growth.of("sluice_requests_total", "outcome", "ok")).isEqualTo(7);
    assertThat(growth.of("sluice_requests_total", "outcome", "invalid")).isEqualTo(1);
    assertThat(growth.of("sluice_requests_total", "outcome", "internal")).isZero();
    assertThat(growth.of("sluice_requests_refused_total", "reason", "not_found")).isEqualTo(1);
    assertThat(growth.of("sluice_rows_total")).isEqualTo(49);
    assertThat(growth.of("sluice_tokens_total")).isEqualTo(tokens);
    assertThat(growth.of("sluice_batch_rows_sum")).isEqualTo(49);
    assertThat(growth.of("sluice_stage_duration_seconds_count", "stage", "total")).isEqualTo(7);
    assertThat(growth.of("nv_inference_request_success")).isEqualTo(7);
    assertThat(growth.of("nv_inference_count")).isEqualTo(49);
    assertThat(after.value("sluice_requests_in_flight")).isZero();
  }

  /** What the names of Triton's metrics are is not Sluice's choice. */
  @Test
  void promtoolFindsNoFaultButTheNamesOfOthers(@TempDir Path folder) throws Exception {
    Path scrape =
        Files.writeString(folder.resolve("scrape"), Scrape.text(server, ScrapeFormat.TEXT));
    Command.Outcome outcome = Command.of("promtool", "check", "metrics").reading(scrape).run();

    Skip.unless(outcome.exitCode() != ABSENT, "no promtool here (Debian: prometheus)");
    assertThat(outcome.exitCode()).as(outcome.output()).isNotEqualTo(UNREADABLE);
    assertThat(outcome.output().lines())
        .filteredOn(complaint -> !complaint.startsWith("nv_inference_"))
        .filteredOn(complaint -> !complaint.contains("should not have \"quantile\" label"))
        .isEmpty();
  }
}
