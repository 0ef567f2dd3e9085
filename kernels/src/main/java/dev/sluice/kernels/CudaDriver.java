// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The driver calls behind {@link CudaDevices}; using this class loads JCuda's native library. */
final class CudaDriver {
  private static final int NAME_BYTES = 256;

  private CudaDriver() {}

  static CudaProbe look() throws CallFailed {
    check("cuInit", JCudaDriver.cuInit(0));
    int[] version = new int[1];
    check("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(version));
    int[] count = new int[1];
    check("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
    if (count[0] == 0) {
      return new CudaProbe.Absent("the NVIDIA driver finds no card");
    }
    List<CudaCard> cards = new ArrayList<>(count[0]);
    for (int index = 0; index < count[0]; index++) {
      cards.add(card(index));
    }
    return new CudaProbe.Present(versionText(version[0]), cards);
  }

  /** 12060 is CUDA 12.6. */
  static String versionText(int version) {
    return version / 1000 + "." + version % 1000 / 10;
  }

  private static CudaCard card(int index) throws CallFailed {
    CUdevice device = new CUdevice();
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, index));
    byte[] name = new byte[NAME_BYTES];
    check("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
    long[] total = new long[1];
    check("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(total, device));
    String capability =
        attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + "."
            + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    return new CudaCard(index, cString(name), capability, total[0], freeBytes(device));
  }

  private static int attribute(CUdevice device, int attribute) throws CallFailed {
    int[] value = new int[1];
    check("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, attribute, device));
    return value[0];
  }

  /** The free memory is only told inside a context; the primary one is shared with the engines. */
  private static OptionalLong freeBytes(CUdevice device) {
    CUcontext context = new CUcontext();
    if (JCudaDriver.cuDevicePrimaryCtxRetain(context, device) != CUresult.CUDA_SUCCESS) {
      return OptionalLong.empty();
    }
    try {
      if (JCudaDriver.cuCtxPushCurrent(context) != CUresult.CUDA_SUCCESS) {
        return OptionalLong.empty();
      }
      long[] free = new long[1];
      int result = JCudaDriver.cuMemGetInfo(free, new long[1]);
      JCudaDriver.cuCtxPopCurrent(new CUcontext());
      return result == CUresult.CUDA_SUCCESS ? OptionalLong.of(free[0]) : OptionalLong.empty();
    } finally {
      JCudaDriver.cuDevicePrimaryCtxRelease(device);
    }
  }

  private static String cString(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private static void check(String call, int result) throws CallFailed {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new CallFailed(call, result);
    }
  }

  /** A driver call that did not answer CUDA_SUCCESS. */
  static final class CallFailed extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    CallFailed(String call, int code) {
      super(call + " answered " + CUresult.stringFor(code));
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
