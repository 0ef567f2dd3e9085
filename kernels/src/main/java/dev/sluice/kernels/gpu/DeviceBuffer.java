// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import jcuda.driver.JCudaDriver;

/**
 * A piece of the card's memory, content undefined, aligned to 256 bytes. Closing it waits for all
 * that runs on the card.
 */
public final class DeviceBuffer extends Owned {
  private final DeviceMemory memory;
  private final DriverCalls calls;
  private final String purpose;
  private final long bytes;
  private final Address address = new Address();

  DeviceBuffer(DeviceMemory memory, DriverCalls calls, Ledger ledger, String purpose, long bytes) {
    super(ledger);
    this.memory = memory;
    this.calls = calls;
    this.purpose = purpose;
    this.bytes = bytes;
    calls.run(this + "", () -> JCudaDriver.cuMemAlloc(address, bytes));
    register();
  }

  public long address() {
    requireOpen();
    return address.value();
  }

  public long bytes() {
    return bytes;
  }

  @Override
  void release() {
    calls.release("freeing " + this, () -> JCudaDriver.cuMemFree(address));
    memory.given(address.value());
  }

  @Override
  public String toString() {
    return purpose + " (" + Bytes.text(bytes) + " of device memory)";
  }
}
