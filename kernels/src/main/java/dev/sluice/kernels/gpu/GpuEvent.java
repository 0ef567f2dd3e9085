// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.function.Supplier;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * A mark in a stream, behind what the stream was given before. Can be set again. For one thread at
 * a time, except {@link #await}. Knows no time, unless it was made for a {@link GpuStopwatch}.
 */
public final class GpuEvent extends Owned {
  private final DriverCalls calls;
  private final String name;
  private final CUevent event = new CUevent();
  private volatile Supplier<String> before = () -> "";

  private GpuEvent(DriverCalls calls, Ledger ledger, String name, int flags) {
    super(ledger);
    this.calls = calls;
    this.name = name;
    calls.run(this + "", () -> JCudaDriver.cuEventCreate(event, flags));
    register();
  }

  static GpuEvent plain(DriverCalls calls, Ledger ledger, String name) {
    return new GpuEvent(calls, ledger, name, CUevent_flags.CU_EVENT_DISABLE_TIMING);
  }

  static GpuEvent timed(DriverCalls calls, Ledger ledger, String name) {
    return new GpuEvent(calls, ledger, name, CUevent_flags.CU_EVENT_DEFAULT);
  }

  /** Until all before the mark is done; at once where the mark was never set. */
  public void await() {
    requireOpen();
    calls.run(() -> "waiting for " + this, before, () -> JCudaDriver.cuEventSynchronize(event));
  }

  /** From that mark to this one; both are timed and have been reached. */
  double millisSince(GpuEvent earlier) {
    float[] millis = new float[1];
    var from = earlier.handle();
    var to = handle();
    calls.run(
        () -> "timing " + this, before, () -> JCudaDriver.cuEventElapsedTime(millis, from, to));
    return millis[0];
  }

  void setBehind(GpuStream stream, Trail trail) {
    before = () -> " in " + stream + " after " + trail;
  }

  CUevent handle() {
    requireOpen();
    return event;
  }

  @Override
  void release() {
    calls.release("destroying " + this, () -> JCudaDriver.cuEventDestroy(event));
  }

  @Override
  public String toString() {
    return "event " + name;
  }
}
