// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.inference;

import dev.sluice.loadtest.ghz.Inference;
import dev.sluice.loadtest.run.RunException;
import dev.sluice.proto.inference.GRPCInferenceServiceGrpc;
import dev.sluice.proto.inference.ModelMetadataRequest;
import dev.sluice.proto.inference.ModelMetadataResponse;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The protocol that a run was told. */
public final class Protocols {
  private Protocols() {}

  /**
   * @param control where the server can be asked for a model's inputs; null: over HTTP
   * @throws RunException if the server does not tell, or has inputs that cannot be filled
   */
  public static Protocol of(Inference inference, @Nullable Channel control, Duration timeout) {
    Inference.Target target = inference.target().orElseThrow();
    return switch (target) {
      case OIP ->
          OipProtocol.of(
              inference, metadata(inference.model(), Objects.requireNonNull(control), timeout));
      case SLUICE -> new SluiceProtocol(inference.model());
      case TEI -> new TeiProtocol();
      case TEI_HTTP, OPENAI -> new JsonProtocol(target, inference.model());
    };
  }

  private static ModelMetadataResponse metadata(String model, Channel control, Duration timeout) {
    try {
      return GRPCInferenceServiceGrpc.newBlockingStub(control)
          .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
    } catch (StatusRuntimeException e) {
      throw new RunException(
          "model: the server does not say what '" + model + "' takes: " + e.getStatus().getCode());
    }
  }
}
