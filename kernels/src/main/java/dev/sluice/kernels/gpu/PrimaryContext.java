// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The context of a card that all libraries of this process share. */
final class PrimaryContext extends Owned {
  private final CUdevice device;
  private final DriverCalls calls;

  private PrimaryContext(CUdevice device, CUcontext context, Ledger ledger) {
    super(ledger);
    this.device = device;
    this.calls = new DriverCalls(context);
    register();
  }

  /**
   * @throws GpuCallFailedException where the card lets nobody in
   */
  static PrimaryContext retain(int index, Ledger ledger) {
    CUdevice device = new CUdevice();
    require("opening card " + index, JCudaDriver.cuDeviceGet(device, index));
    CUcontext context = new CUcontext();
    require("opening card " + index, JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    return new PrimaryContext(device, context, ledger);
  }

  private static void require(String what, int answer) {
    if (answer != CUresult.CUDA_SUCCESS) {
      throw new GpuCallFailedException(what, new CudaError(answer));
    }
  }

  DriverCalls calls() {
    return calls;
  }

  int attribute(int attribute) {
    int[] value = new int[1];
    calls.run(
        "asking for attribute " + attribute + " of the card",
        () -> JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }

  @Override
  void release() {
    calls.leave(() -> JCudaDriver.cuDevicePrimaryCtxRelease(device));
  }

  @Override
  public String toString() {
    return "the card's context";
  }
}
