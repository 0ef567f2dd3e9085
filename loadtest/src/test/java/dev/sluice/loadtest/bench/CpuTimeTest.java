// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

final class CpuTimeTest {
  private static final long TICK = 10_000_000;

  @Test
  void workCountsByWhatItUsed() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = CpuTime.nanos(ProcessHandle.current());
    long start = threads.getCurrentThreadCpuTime();
    long sum = 0;
    while (threads.getCurrentThreadCpuTime() - start < 10 * TICK) {
      sum += start;
    }
    assertThat(sum).isNotZero();
    // Two counts in whole ticks, each up to one too low.
    assertThat(CpuTime.nanos(ProcessHandle.current()) - before).isGreaterThanOrEqualTo(8 * TICK);
  }

  @Test
  void aProcessThatHasEndedHasNoTime() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    assertThatThrownBy(() -> CpuTime.nanos(process.toHandle()))
        .hasMessage("process " + process.pid() + " has ended");
  }
}
