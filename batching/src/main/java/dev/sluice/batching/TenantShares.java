// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Map;

/**
 * How tenants share what lanes can do when more is asked: in proportion to their weights, measured
 * in tokens.
 *
 * @param weights of tenants that are named here, each at least 1; all others weigh 1
 * @param maxShareOfQueue how much of each limit of the queue one tenant may take, above 0 and up to
 *     1
 */
public record TenantShares(Map<String, Integer> weights, double maxShareOfQueue) {
  /** All tenants weigh the same and may fill the queue. */
  public static final TenantShares EQUAL = new TenantShares(Map.of(), 1);

  public TenantShares {
    weights = Map.copyOf(weights);
    weights.forEach(
        (tenant, weight) -> {
          if (weight < 1) {
            throw new IllegalArgumentException(
                "the weight of tenant \"" + tenant + "\" must be at least 1, not " + weight);
          }
        });
    if (!(maxShareOfQueue > 0 && maxShareOfQueue <= 1)) {
      throw new IllegalArgumentException(
          "the share of the queue for one tenant must be above 0 and at most 1, not "
              + maxShareOfQueue);
    }
  }
}
