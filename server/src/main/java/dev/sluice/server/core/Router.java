// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.function.Supplier;

/** From the model that a request names to the deployment that will answer it, leased. */
final class Router {
  private final Supplier<ServingTable> table;

  Router(Supplier<ServingTable> table) {
    this.table = table;
  }

  /** The caller owns a lease on what it gets. */
  Deployment route(ModelRef ref, boolean embedding) {
    while (true) {
      ServingTable seen = table.get();
      Deployment deployment =
          ref.name().isEmpty() && embedding
              ? seen.find(seen.onlyEmbedder(), ref.version())
              : seen.find(ref.name(), ref.version());
      checkVariant(ref, deployment);
      if (deployment.lease().acquire()) {
        return deployment;
      }
      // Retired between the look-up and the lease: the table it was taken out of is gone already.
    }
  }

  private static void checkVariant(ModelRef ref, Deployment deployment) {
    if (!ref.variant().isEmpty() && !ref.variant().equals(deployment.variant())) {
      throw Problems.notFound(
          "model '%s' has no variant '%s'; it has %s"
              .formatted(deployment.name(), ref.variant(), deployment.variant()));
    }
  }
}
