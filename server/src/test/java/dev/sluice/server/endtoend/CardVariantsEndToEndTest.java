// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.models.testing.EmulatedCard;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** INT8 beside FP16 out of one file, by a real server on an emulated card. */
final class CardVariantsEndToEndTest {
  private static final String[] TEXTS = {"a fox", "b", "the lazy dog 42", "over and over again"};
  private static final EmbedRequest REQUEST = Vectors.texts(TEXTS);
  private static final EmbedRequest IN_BYTES = REQUEST.toBuilder().setVariant("int8").build();

  @TempDir private Path folder;

  @BeforeAll
  static void build() throws Exception {
    EmulatedCard.buildOrSkip();
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES) // never near it, but where it would never end
  void int8IsMadeWhenItIsFirstAskedForAndServedBesideFp16() throws Exception {
    float[][] right = CardServer.onCpu(folder.resolve("on the CPU"), REQUEST);
    try (CardServer server = CardServer.start(folder, "capability=80", "--device", "gpu:0")) {
      server.process().awaitLine("ready");
      EmbedResponse halves = server.embeddings().embed(REQUEST);
      assertThat(halves.getVariant()).isEqualTo("fp16");
      assertThat(server.admin("/models").body())
          .contains("\"name\":\"int8\",\"state\":\"offered\"");
      EmbedResponse bytes = onceMade(server);
      assertThat(bytes.getVariant()).isEqualTo("int8");
      assertThat(server.process().log())
          .contains("(int8) serves on gpu:0 with 2 lane(s)")
          .containsPattern("model 'tiny' has int8 beside it: cosine 0\\.99[5-9]\\d on the mean");
      assertThat(server.admin("/models").body()).contains("\"name\":\"int8\",\"state\":\"ready\"");
      for (int row = 0; row < TEXTS.length; row++) {
        double cosine = Vectors.cosine(Vectors.of(bytes)[row], right[row]);
        assertThat(cosine).as("%s, in bytes", TEXTS[row]).isBetween(0.995, 0.999_999);
        cosine = Vectors.cosine(Vectors.of(halves)[row], right[row]);
        assertThat(cosine).as("%s, in halves", TEXTS[row]).isGreaterThan(0.999_995);
      }
      assertThat(server.embeddings().embed(REQUEST).getVectors())
          .as("who names no variant")
          .isEqualTo(halves.getVectors());
      server.process().terminate();
      assertThat(server.process().exitCode()).isZero();
      assertThat(server.process().log())
          .as("what was never given back")
          .doesNotContain("emulated driver:");
    }
  }

  private static EmbedResponse onceMade(CardServer server) {
    while (true) {
      try {
        return server.embeddings().embed(IN_BYTES);
      } catch (StatusRuntimeException notYet) {
        if (notYet.getStatus().getCode() != Status.Code.UNAVAILABLE) {
          throw notYet;
        }
        assertThat(notYet).hasMessageContaining("variant 'int8' of model 'tiny' is ");
      }
    }
  }
}
