// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.util.List;

/** What a look for NVIDIA cards found. */
public sealed interface CudaProbe {
  /**
   * A working driver with at least one card.
   *
   * @param cudaVersion the newest CUDA that the driver can run, for example {@code 13.0}
   */
  record Present(String cudaVersion, List<CudaCard> cards) implements CudaProbe {
    public Present {
      cards = List.copyOf(cards);
    }
  }

  /** No usable card, and why, in words for the operator. */
  record Absent(String reason) implements CudaProbe {}
}
