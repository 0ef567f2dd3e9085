// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import java.util.Optional;

/**
 * Whether a kernel agrees with its reference.
 *
 * @param draws of random data that it was compared on
 * @param worst the largest error, as a share of what is tolerated
 * @param problem where and how it disagrees, or why it did not run; empty: it agrees
 */
public record KernelVerdict(String kernel, int draws, double worst, Optional<String> problem) {
  public boolean agrees() {
    return problem.isEmpty();
  }
}
