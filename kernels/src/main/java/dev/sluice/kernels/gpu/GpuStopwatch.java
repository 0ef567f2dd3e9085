// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** Time that the card spends on work in a stream, by its own clock. For one thread at a time. */
public final class GpuStopwatch implements AutoCloseable {
  private final GpuEvent begin;
  private final GpuEvent end;

  GpuStopwatch(GpuEvent begin, GpuEvent end) {
    this.begin = begin;
    this.end = end;
  }

  /**
   * Waits until the work is done.
   *
   * @param work gives the stream what is timed, and waits for nothing
   */
  public double millis(GpuStream stream, Runnable work) {
    stream.record(begin);
    work.run();
    stream.record(end);
    end.await();
    return end.millisSince(begin);
  }

  @Override
  public void close() {
    end.close();
    begin.close();
  }
}
