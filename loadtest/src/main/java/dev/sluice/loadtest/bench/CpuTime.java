// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

/** Processor time of other processes. */
final class CpuTime {
  private CpuTime() {}

  /**
   * What all threads of the process have used so far, in user and kernel mode: on Linux the utime
   * and stime of {@code /proc/PID/stat}, in ticks of 10 ms.
   *
   * @throws IllegalStateException when the process is gone
   */
  static long nanos(ProcessHandle process) {
    return process
        .info()
        .totalCpuDuration()
        .filter(total -> process.isAlive())
        .orElseThrow(() -> new IllegalStateException("process " + process.pid() + " has ended"))
        .toNanos();
  }
}
