// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.models.embedded.EmbeddedModel;
import dev.sluice.proto.v1.EmbedRequest;
import dev.sluice.proto.v1.EmbedResponse;
import dev.sluice.proto.v1.EmbeddingServiceGrpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Variants of an embedding model by every way of naming one. What is given as the embedded model's
 * {@code int8} is that model again: the answer's own word tells them apart.
 */
final class EmbeddedVariantsTest {
  private static final Metadata.Key<String> VARIANT =
      Metadata.Key.of("sluice-variant", Metadata.ASCII_STRING_MARSHALLER);
  private static final EmbedRequest TEXT = Vectors.texts("water finds its way");

  @Test
  void fieldMetadataAndJsonNameAVariant() throws Exception {
    GivenVariants maker = new GivenVariants();
    maker.put(
        EmbeddedModel.NAME,
        EmbeddedModel.allMiniLmL6V2(TestServer.CACHE).file(),
        GivenVariants.GOOD);
    try (TestServer server =
            TestServer.start(Map.of("SLUICE_VARIANTS_POLICY", "fastest"), System::nanoTime, maker);
        HttpClient http = HttpClient.newHttpClient()) {
      HeldModels.await(
          1,
          server,
          EmbeddedModel.NAME,
          "sluice_variant_state",
          "variant",
          "int8",
          "state",
          "ready");
      assertThat(server.embeddings().embed(TEXT).getVariant()).isEqualTo("int8");
      assertThat(server.embeddings().embed(TEXT.toBuilder().setVariant("fp32").build()))
          .extracting(EmbedResponse::getVariant)
          .isEqualTo("fp32");
      assertThat(byMetadata(server)).isEqualTo("fp32 fp32");
      String field = "{\"model\":\"\",\"input\":\"a\",\"variant\":\"fp32\"}";
      assertThat(post(http, server, field, "int8")).isEqualTo("fp32");
      String none = "{\"model\":\"\",\"input\":\"a\"}";
      assertThat(post(http, server, none, "fp32")).isEqualTo("fp32");
      assertThat(post(http, server, none, "")).isEqualTo("int8");
    }
  }

  /** What the message says, and what the headers do. */
  private static String byMetadata(TestServer server) {
    Metadata asked = new Metadata();
    asked.put(VARIANT, "fp32");
    AtomicReference<Metadata> headers = new AtomicReference<>();
    EmbedResponse answer =
        EmbeddingServiceGrpc.newBlockingStub(server.channel())
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(asked),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .embed(TEXT);
    return answer.getVariant() + " " + headers.get().get(VARIANT);
  }

  private static String post(HttpClient http, TestServer server, String body, String header)
      throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.server().httpPort() + "/v1/embeddings");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body));
    if (!header.isEmpty()) {
      request.header("sluice-variant", header);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
        .headers()
        .firstValue("sluice-variant")
        .orElseThrow();
  }

  @Test
  void theServerMayOfferNone() throws Exception {
    GivenVariants maker = new GivenVariants();
    maker.put(
        EmbeddedModel.NAME,
        EmbeddedModel.allMiniLmL6V2(TestServer.CACHE).file(),
        GivenVariants.GOOD);
    try (TestServer server =
        TestServer.start(Map.of("SLUICE_VARIANTS_OFFER", "none"), System::nanoTime, maker)) {
      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> server.embeddings().embed(TEXT.toBuilder().setVariant("int8").build()));
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }
  }
}
