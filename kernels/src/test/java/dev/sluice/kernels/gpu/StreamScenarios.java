// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.kernels.check.KernelCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Streams, events, threads. */
final class StreamScenarios {
  /** With all kinds of arguments; the last needs more shared memory than a card gives unasked. */
  private static final Set<String> CHECKS = Set.of("embed", "norm", "pool", "gemm_f16_warpgroup");

  private StreamScenarios() {}

  static void kernelsAgreeWithTheirReferences() {
    List<String> ran = new ArrayList<>();
    try (Gpu gpu = Emulated.open();
        GpuDevice device = new GpuDevice(gpu)) {
      Stream.concat(KernelCheck.all().stream(), KernelCheck.hopper().stream())
          .filter(check -> CHECKS.contains(check.name()))
          .forEach(
              check -> {
                check.run(device, new SplittableRandom(1));
                ran.add(check.name());
              });
      assertThat(gpu.memory().used()).isZero();
    }
    assertThat(ran).containsExactlyInAnyOrderElementsOf(CHECKS);
  }

  static void launchesRunInOrder() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane");
        Norms norms = new Norms(gpu, stream)) {
      PreparedLaunch prepared = stream.prepare(norms.launch(Norms.ROWS));
      for (int rows : new int[] {7, 1, Norms.ROWS}) {
        norms.begin(rows);
        stream.launch(prepared);
        assertThat(norms.written()).isEqualTo(rows);
      }
      assertThat(gpu.multiprocessors()).isEqualTo(132);
      assertThat(gpu.card().name()).isEqualTo("Emulated card");
    }
  }

  static void aStreamWaitsForAnother() {
    try (Gpu gpu = Emulated.open();
        GpuStream computing = gpu.stream("computing");
        GpuStream copying = gpu.stream("copying");
        Norms norms = new Norms(gpu, computing);
        PinnedBuffer result = gpu.pinned("results", norms.outBytes());
        GpuEvent computed = gpu.event("computed")) {
      norms.begin(5);
      computing.await();
      computing.launch(norms.launch(Norms.ROWS));
      computing.record(computed);

      // Streams of the emulation are as late as they may be.
      copying.download(norms.out(), result, 0, norms.outBytes());
      copying.await();
      assertThat(Norms.written(result.bytes())).as("without waiting").isZero();

      copying.after(computed);
      copying.download(norms.out(), result, 0, norms.outBytes());
      copying.await();
      assertThat(Norms.written(result.bytes())).isEqualTo(5);
    }
  }

  static void lanesHaveThreadsOfTheirOwn() throws Exception {
    try (Gpu gpu = Emulated.open();
        ExecutorService lanes = Executors.newFixedThreadPool(2)) {
      List<Callable<Integer>> batches = List.of(() -> batch(gpu, 3), () -> batch(gpu, 9));
      List<Integer> written = new ArrayList<>();
      for (Future<Integer> batch : lanes.invokeAll(batches)) {
        written.add(batch.get());
      }
      assertThat(written).containsExactly(3, 9);
    }
  }

  private static int batch(Gpu gpu, int rows) {
    try (GpuStream stream = gpu.stream("lane of " + rows);
        Norms norms = new Norms(gpu, stream)) {
      norms.begin(rows);
      stream.launch(norms.launch(Norms.ROWS));
      return norms.written();
    }
  }
}
