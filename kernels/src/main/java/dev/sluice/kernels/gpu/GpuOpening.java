// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** What came of opening a card. */
public sealed interface GpuOpening {
  /** It works; whoever asked closes it. */
  record Opened(Gpu gpu) implements GpuOpening {}

  /** It cannot be used, and why, in words for the operator. */
  record Absent(String reason) implements GpuOpening {}
}
