// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.batching.Batcher;
import dev.sluice.models.serving.LoadedModel;
import dev.sluice.models.serving.TensorModel;
import dev.sluice.models.serving.TextEmbedder;
import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One variant of one model version that serves: the loaded model, its batcher, its statistics.
 * Whoever uses it holds its lease; it is closed by whoever retired it, once the last lease is back.
 */
sealed interface Deployment {
  LoadedModel model();

  Batcher<?, ?> batcher();

  Statistics statistics();

  Lease lease();

  /** The name by which requests may ask for it. */
  String variant();

  default ModelSpec spec() {
    return model().spec();
  }

  default String name() {
    return spec().name();
  }

  default String version() {
    return Long.toString(spec().version());
  }

  /** Why it can answer nothing any more before the server is started again; empty while it can. */
  default Optional<String> lost() {
    return statistics().loss().reason();
  }

  /** The deadline for requests that bring none; zero for none. */
  default Duration queueTimeout() {
    return spec().settings().queueTimeout();
  }

  /** Waits for the lanes to end and frees the model. Only after the lease is free. */
  default void close() {
    try {
      batcher().close();
      model().close();
    } finally {
      statistics().close();
    }
  }

  /** An embedding model. */
  record Embedding(
      TextEmbedder model,
      String variant,
      Batcher<int[], float[]> batcher,
      Statistics statistics,
      Lease lease)
      implements Deployment {}

  /** A model of tensors in, tensors out. */
  record Tensors(
      TensorModel model,
      String variant,
      Batcher<List<Tensor>, List<Tensor>> batcher,
      InferValidator validator,
      Map<String, List<String>> labels,
      QueuePolicies policies,
      Statistics statistics,
      Lease lease)
      implements Deployment {
    /** None where the queue's own policy has a timeout: that one holds for every request. */
    @Override
    public Duration queueTimeout() {
      return policies.usual().timeoutNanos() > 0 ? Duration.ZERO : Deployment.super.queueTimeout();
    }
  }
}
