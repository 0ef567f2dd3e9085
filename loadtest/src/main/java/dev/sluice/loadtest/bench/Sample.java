// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import dev.sluice.loadtest.bench.inprocess.BatchSizes;

/**
 * One measurement of one way.
 *
 * @param perSecond texts or requests by the clock
 * @param perCpuSecond the same by the processor time of the process that did the work
 * @param batches what was run meanwhile, where that is known
 * @param beside perCpuSecond as a share of in-process, measured right after; 1 for in-process
 *     itself, NaN where there is nothing to compare with
 */
record Sample(
    double perSecond,
    double perCpuSecond,
    BatchSizes batches,
    double p50Millis,
    double p99Millis,
    double beside) {

  Sample beside(Sample inProcess) {
    return new Sample(
        perSecond,
        perCpuSecond,
        batches,
        p50Millis,
        p99Millis,
        perCpuSecond / inProcess.perCpuSecond);
  }
}
