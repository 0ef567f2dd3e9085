// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.Set;
import jcuda.driver.CUresult;

/** What a driver call answered in place of success. */
record CudaError(int code) {
  /** CUDA_ERROR_CONTAINED of newer drivers than JCuda knows: a fault that the card confined. */
  private static final int CONTAINED = 226;

  /**
   * After one of these the context answers nothing else any more: only the end of the process
   * brings the card back for sure.
   */
  private static final Set<Integer> LASTING =
      Set.of(
          CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE,
          CONTAINED,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_EXTERNAL_DEVICE,
          CUresult.CUDA_ERROR_UNKNOWN);

  boolean lasts() {
    return LASTING.contains(code);
  }

  boolean isOutOfMemory() {
    return code == CUresult.CUDA_ERROR_OUT_OF_MEMORY;
  }

  /**
   * For example {@code CUDA_ERROR_ILLEGAL_ADDRESS}; numbers newer than JCuda as {@code CUDA error
   * 999}.
   */
  @Override
  public String toString() {
    String name = CUresult.stringFor(code);
    return name.startsWith("CUDA_") ? name : "CUDA error " + code;
  }
}
