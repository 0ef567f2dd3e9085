// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.launch.TopK;
import dev.sluice.kernels.launch.TopK.Element;
import java.util.ArrayList;
import java.util.List;

/** The search for the best rows of a matrix. */
final class SearchWorks {
  private static final int DIMS = 384;
  private static final int BEST = 10;

  private SearchWorks() {}

  /** What {@link #of} places, with room for the ends of pieces. */
  static long scratchBytes(int rows) {
    return 3L * rows * DIMS + keys(rows) + (1 << 20);
  }

  private static long keys(int rows) {
    return 2 * new TopK(Element.F16, 0, rows, DIMS, 0, 1, BEST, 0, 0, 0).keyBytes();
  }

  static List<KernelWork> of(Scratch scratch, int rows) {
    List<KernelWork> works = new ArrayList<>();
    for (Element element : Element.values()) {
      long count = (long) rows * DIMS;
      int width = element == Element.F16 ? Short.BYTES : Byte.BYTES;
      TopK search =
          new TopK(
              element,
              element == Element.F16 ? scratch.halves(count, 1) : scratch.bytes(count),
              rows,
              DIMS,
              scratch.floats(DIMS, 1),
              1,
              BEST,
              scratch.space(keys(rows) / 2),
              scratch.space(BEST * Float.BYTES),
              scratch.space(BEST * Integer.BYTES));
      works.add(
          new KernelWork(
              element == Element.F16 ? "topk_f16" : "topk_s8",
              "%d rows of %d".formatted(rows, DIMS),
              List.of(search.scan(), search.merge()),
              (double) width * count,
              0,
              false));
    }
    return works;
  }
}
