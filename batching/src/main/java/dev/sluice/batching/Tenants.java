// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tenants by name. Those whose weight is configured have an account of their own; the others are
 * spread over a fixed number of accounts by their name, so that inventing names gains a caller
 * little and costs no memory.
 */
final class Tenants {
  private static final int UNNAMED = 64;

  private final Map<String, Tenant> named = new HashMap<>();
  private final Tenant[] others = new Tenant[UNNAMED];

  Tenants(TenantShares shares) {
    shares.weights().forEach((name, weight) -> named.put(name, new Tenant(weight)));
    Arrays.setAll(others, any -> new Tenant(1));
  }

  Tenant of(String name) {
    Tenant tenant = named.get(name);
    return tenant == null ? others[Math.floorMod(name.hashCode(), UNNAMED)] : tenant;
  }
}
