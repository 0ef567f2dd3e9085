// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * A clock that only measures elapsed time. Readings may be negative and are compared by their
 * difference.
 */
@FunctionalInterface
public interface NanoClock {
  long nanoTime();
}
