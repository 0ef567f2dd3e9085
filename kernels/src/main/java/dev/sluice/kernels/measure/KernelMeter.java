// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.measure;

import dev.sluice.kernels.encoder.EncoderDims;
import dev.sluice.kernels.gpu.Gpu;
import dev.sluice.kernels.launch.Product.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Times every kernel at the sizes of one model. For one thread. */
final class KernelMeter {
  private final Gpu gpu;
  private final StreamTimer timer;
  private final Extent extent;

  KernelMeter(Gpu gpu, StreamTimer timer, Extent extent) {
    this.gpu = gpu;
    this.timer = timer;
    this.extent = extent;
  }

  List<KernelTiming> measure(
      Extent.Model model, List<Kind> kinds, Ceilings ceilings, RandomGenerator random) {
    EncoderDims dims = model.dims();
    int tokens = extent.tokens();
    List<KernelTiming> timings = new ArrayList<>();
    timings.addAll(
        measure(
            KernelWorks.scratchBytes(dims, tokens),
            scratch -> KernelWorks.of(scratch, dims, tokens, model.lengths()),
            ceilings,
            random));
    timings.addAll(
        measure(
            ProductWorks.scratchBytes(dims, tokens),
            scratch -> ProductWorks.of(scratch, dims, tokens, kinds),
            ceilings,
            random));
    return timings;
  }

  List<KernelTiming> measureSearch(Ceilings ceilings, RandomGenerator random) {
    int rows = extent.rows();
    return measure(
        SearchWorks.scratchBytes(rows), scratch -> SearchWorks.of(scratch, rows), ceilings, random);
  }

  private List<KernelTiming> measure(
      long bytes,
      Function<Scratch, List<KernelWork>> makes,
      Ceilings ceilings,
      RandomGenerator random) {
    try (Scratch scratch = new Scratch(gpu, timer.stream(), random, bytes)) {
      List<KernelWork> works = makes.apply(scratch);
      List<Timing> timings =
          extent
              .turns()
              .measure(works.stream().map(work -> timer.launches(work.launches())).toList());
      List<KernelTiming> result = new ArrayList<>();
      for (int i = 0; i < works.size(); i++) {
        result.add(KernelTiming.of(works.get(i), timings.get(i), ceilings));
      }
      return result;
    }
  }
}
