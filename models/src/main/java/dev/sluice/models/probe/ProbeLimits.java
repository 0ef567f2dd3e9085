// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.probe;

import java.time.Duration;

/**
 * What a probe may take.
 *
 * @param wall the whole of it, the start of the process included
 * @param heapMegabytes the child's Java heap; native memory is not bounded by this
 */
public record ProbeLimits(Duration wall, int heapMegabytes) {
  public static final ProbeLimits DEFAULT = new ProbeLimits(Duration.ofMinutes(5), 1024);

  public ProbeLimits {
    if (wall.isNegative() || wall.isZero() || heapMegabytes < 16) {
      throw new IllegalArgumentException("a probe needs some time, and 16 MB of heap at the least");
    }
  }
}
