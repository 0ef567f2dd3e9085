// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import jcuda.driver.CUdeviceptr;

/** Device memory by its number, which JCuda does not tell. */
final class Address extends CUdeviceptr {
  static CUdeviceptr of(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  long value() {
    return getNativePointer();
  }
}
