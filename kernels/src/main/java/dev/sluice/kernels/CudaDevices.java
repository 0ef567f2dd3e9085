// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import jcuda.driver.CUresult;

/**
 * Finds NVIDIA cards through the driver API, so that nothing but the driver is needed.
 *
 * <p>Never throws and prints nothing. Safe for any number of threads; a look costs up to some
 * hundred milliseconds per card, so callers keep the answer.
 */
public final class CudaDevices {
  private CudaDevices() {}

  public static CudaProbe probe() {
    try {
      return CudaDriver.look();
    } catch (CudaDriver.CallFailed e) {
      return new CudaProbe.Absent(reason(e));
    } catch (LinkageError e) {
      return new CudaProbe.Absent(reason(e));
    } catch (RuntimeException e) {
      return new CudaProbe.Absent("the NVIDIA driver failed: " + firstLine(e));
    }
  }

  private static String reason(CudaDriver.CallFailed failure) {
    return switch (failure.code()) {
      case CUresult.CUDA_ERROR_NO_DEVICE -> "the NVIDIA driver finds no card";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "the NVIDIA driver in the kernel and libcuda.so.1 are of different versions";
      case CUresult.CUDA_ERROR_STUB_LIBRARY ->
          "libcuda.so.1 is the stub of a CUDA toolkit, not the NVIDIA driver's";
      default -> "the NVIDIA driver failed: " + failure.getMessage();
    };
  }

  /**
   * JCuda answers a missing library with a page of text, of which one line matters. From the second
   * look on it is the cause of a class that could not be initialised.
   */
  static String reason(LinkageError error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (String.valueOf(t.getMessage()).contains("libcuda.so.1")) {
        return "no NVIDIA driver: libcuda.so.1 not found";
      }
    }
    return "JCuda's native library cannot be loaded: " + firstLine(error);
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }
}
