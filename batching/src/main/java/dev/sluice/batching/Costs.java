// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/** What batches are expected to cost. Only to be asked inside of {@link Selection#select}. */
public interface Costs {
  /** Whether the figures below were learned; until then they are a guess in no unit of time. */
  boolean known();

  /** How long a batch of so many rows, padded to so many tokens in all, takes on the mean. */
  double nanos(long rows, double paddedTokens);
}
