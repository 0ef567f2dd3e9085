// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

/**
 * How fast a kernel is.
 *
 * @param share of what its ceiling would allow
 */
record KernelTiming(KernelWork work, Timing timing, double share, boolean boundByMemory) {
  static KernelTiming of(KernelWork work, Timing timing, Ceilings ceilings) {
    return new KernelTiming(
        work, timing, work.idealMillis(ceilings) / timing.millis(), work.boundByMemory(ceilings));
  }
}
