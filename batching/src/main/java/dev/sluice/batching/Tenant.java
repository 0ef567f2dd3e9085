// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * A tenant whose weight is configured, or all those of the others that share an account.
 *
 * <p>Guarded by the lock of its {@link BatchCore}.
 */
final class Tenant {
  final int weight;
  final double perWeight;

  /** What its waiting items cost, of all ranks. */
  final Amount waiting = new Amount();

  Tenant(int weight) {
    this.weight = weight;
    this.perWeight = 1.0 / weight;
  }
}
