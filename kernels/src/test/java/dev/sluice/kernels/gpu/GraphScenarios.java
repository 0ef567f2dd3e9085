// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

/** Graphs of launches. */
final class GraphScenarios {
  private GraphScenarios() {}

  static void aGraphServesEveryBatchOfItsSize() {
    List<SizeBucket> captured = new ArrayList<>();
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane");
        Norms norms = new Norms(gpu, stream);
        LaunchGraphs<SizeBucket> graphs =
            new LaunchGraphs<>(
                stream,
                4,
                size -> {
                  captured.add(size);
                  return List.of(norms.launch(size.tokens()), norms.launch(size.tokens()));
                })) {
      for (int rows : new int[] {Norms.ROWS, 1, 12}) {
        norms.begin(rows);
        graphs.launch(SizeBucket.of(rows, 1));
        assertThat(norms.written()).isEqualTo(rows);
      }
      assertThat(captured).containsExactly(new SizeBucket(64, 8));
    }
  }

  static void theOldestGraphMakesRoom() {
    List<Integer> captured = new ArrayList<>();
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane");
        Norms norms = new Norms(gpu, stream);
        LaunchGraphs<Integer> graphs =
            new LaunchGraphs<>(
                stream,
                2,
                rows -> {
                  captured.add(rows);
                  return List.of(norms.launch(rows));
                })) {
      norms.begin(Norms.ROWS);
      // Bounds below what the batch holds: how far the rows go tells which graph ran.
      for (int rows : new int[] {4, 8, 4, 12, 8}) {
        norms.begin(Norms.ROWS);
        graphs.launch(rows);
        assertThat(norms.written()).isEqualTo(rows);
      }
      assertThat(captured).containsExactly(4, 8, 12, 8);
      assertThat(graphs.count()).isEqualTo(2);
    }
  }

  static void aRefusedLaunch() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane");
        Norms norms = new Norms(gpu, stream)) {
      assertThatThrownBy(() -> stream.capture("of two", List.of(norms.launch(4))))
          .isInstanceOf(GpuCallFailedException.class)
          .hasMessage(
              "stream lane: capturing sluice_norm (1 x 1 blocks of 128 threads):"
                  + " CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES");
      // The stream goes on, for real again.
      norms.begin(3);
      assertThat(norms.written()).isZero();
    }
  }
}
