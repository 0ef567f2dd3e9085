// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.models.derive.DerivedVariant;
import dev.sluice.models.spec.ModelSpec;
import java.util.concurrent.CompletableFuture;

/** Makes a spec serve, and takes what serves down again. */
public interface Deployer {
  /** Loads, checks and warms the model and starts its lanes; never throws. */
  Outcome deploy(ModelSpec spec);

  /** The same for what was made of a model. */
  Outcome deploy(DerivedVariant variant);

  /**
   * Lets no new request in; once the last one is answered, ends the lanes and frees the model.
   *
   * @return completes when that is done, never exceptionally
   */
  @CanIgnoreReturnValue
  CompletableFuture<Void> retire(Deployment deployment);

  /** How a deployment went. */
  sealed interface Outcome {
    record Serving(Deployment deployment) implements Outcome {}

    /** The reason is for the operator; it may name paths. */
    record Failed(String reason) implements Outcome {}
  }
}
