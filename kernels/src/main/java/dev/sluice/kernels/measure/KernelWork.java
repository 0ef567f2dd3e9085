// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.launch.Launch;
import java.util.List;

/**
 * One kernel at a size that matters, and what it must move and compute at least.
 *
 * @param kernel its name, without {@code sluice_}
 * @param size in words
 * @param bytes read and written
 * @param operations of matrix units; 0 where memory alone bounds it
 * @param quantized whether the operations are of bytes
 */
record KernelWork(
    String kernel,
    String size,
    List<Launch> launches,
    double bytes,
    double operations,
    boolean quantized) {

  /** What none could beat: the longer of the two, as memory and matrix units overlap. */
  double idealMillis(Ceilings ceilings) {
    double matrix = operations / (quantized ? ceilings.bytes() : ceilings.halves());
    return 1e3 * Math.max(bytes / ceilings.copyBytes(), matrix);
  }

  boolean boundByMemory(Ceilings ceilings) {
    double matrix = operations / (quantized ? ceilings.bytes() : ceilings.halves());
    return bytes / ceilings.copyBytes() >= matrix;
  }
}
