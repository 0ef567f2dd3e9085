// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import java.util.function.Supplier;

/** From the model that a request names to the variant of it that will answer, leased. */
final class Router {
  private final Supplier<ServingTable> table;

  Router(Supplier<ServingTable> table) {
    this.table = table;
  }

  /**
   * The caller owns a lease on what it gets.
   *
   * @throws ProblemException where there is none, or what it runs on is lost
   */
  Deployment route(ModelRef ref, boolean embedding) {
    while (true) {
      ServingTable seen = table.get();
      VersionVariants version =
          ref.name().isEmpty() && embedding
              ? seen.find(seen.onlyEmbedder(), ref.version())
              : seen.find(ref.name(), ref.version());
      Deployment deployment = version.choose(ref.variant());
      if (deployment.lost().isPresent()) {
        throw Problems.lost(deployment.name());
      }
      if (deployment.lease().acquire()) {
        return deployment;
      }
      // Retired between the look-up and the lease: the table it was taken out of is gone already.
    }
  }
}
