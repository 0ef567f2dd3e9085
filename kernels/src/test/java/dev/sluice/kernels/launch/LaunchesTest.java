// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernels.launch.Product.Finish;
import dev.sluice.kernels.launch.Product.Kind;
import dev.sluice.kernels.launch.TopK.Element;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What of a launch the emulation cannot show: sizes that are refused, and sizes that only large
 * ones need.
 */
class LaunchesTest {
  @Test
  void sizesThatAKernelCannotTakeAreRefused() {
    refused(() -> halves(768, 772).launch(Finish.BIAS, Kind.WARP.large(), 1), "k must be", "772");
    refused(() -> halves(12, 768).launch(Finish.BIAS, Kind.WARP.large(), 1), "n must be", "12");
    refused(() -> bytes(768, 24).launch(Finish.GELU, Kind.WARP.small(), 1), "k must be", "24");
    refused(() -> new Quantize(0, 0, 4104, 0, 0).launch(1), "up to 4096", "4104");
    refused(() -> norm(1032).launch(1), "up to 1024", "1032");
    refused(() -> head(1032, 2).launch(1), "up to 1024", "1032");
    refused(() -> head(768, 0).launch(1), "n must be", "0");
    refused(() -> new Attention(0, 0, 0, 0, 12, 80, 0).launch(1), "32 or 64", "80");
    refused(() -> topK(384, 513).scan(), "k must be 1 to 512", "513");
    refused(() -> norm(768).launch(0), "sluice_norm: no grid of 0 x 1");
  }

  @Test
  void theLargestSizesAreTaken() {
    assertThat(norm(1024).launch(1).gridX()).isEqualTo(1);
    assertThat(new Quantize(0, 0, 4096, 0, 0).launch(7).gridX()).isEqualTo(7);
    assertThat(topK(1024, 512).keyBytes()).isEqualTo(2L * 977 * 512 * Long.BYTES);
    // The rows of a batch are the grid's second size, of which cards take 65535.
    assertThat(halves(8, 8).launch(Finish.BIAS, Kind.WARP.small(), 65_535 * 64).gridY())
        .isEqualTo(65_535);
    refused(() -> halves(8, 8).launch(Finish.BIAS, Kind.WARP.small(), 65_535 * 64 + 1), "no grid");
  }

  @Test
  void productsTakeTheLargeTileOnceItFillsTheCard() {
    assertThat(Kind.WARP.tile(128 * 22, 768, 132)).isEqualTo(Kind.WARP.large());
    assertThat(Kind.WARP.tile(128 * 21, 768, 132)).isEqualTo(Kind.WARP.small());
    assertThat(Kind.WARPGROUP.tile(1, 768, 132)).isEqualTo(Kind.WARPGROUP.small());
  }

  @Test
  void onlyHoppersProductsMustAskForSharedMemory() {
    for (Finish finish : Finish.values()) {
      assertThat(halves(8, 8).launch(finish, Kind.WARP.large(), 1).sharedBytes())
          .isLessThanOrEqualTo(Launch.UNASKED_SHARED_BYTES);
      // Two blocks share the 228 KiB of a multiprocessor, which keeps 1 KiB of each.
      assertThat(halves(8, 8).launch(finish, Kind.WARPGROUP.large(), 1).sharedBytes())
          .isGreaterThan(Launch.UNASKED_SHARED_BYTES)
          .isLessThanOrEqualTo((228 << 10) / 2 - 1024);
    }
  }

  @Test
  void attentionIsCutIntoTilesOfItsSequences() {
    int[] lengths = {1, 64, 65, 512};
    ByteBuffer tiles = Attention.tiles(lengths);
    int[] numbers = new int[tiles.remaining() / Integer.BYTES];
    tiles.asIntBuffer().get(numbers);
    assertThat(numbers)
        .startsWith(0, 0, 1, 0, 2, 0, 2, 64, 3, 0, 3, 64)
        .endsWith(3, 448)
        .hasSize(2 * 12);
    assertThat(Attention.tileCount(lengths)).isEqualTo(12);
    int[] starts = new int[5];
    Attention.starts(lengths).asIntBuffer().get(starts);
    assertThat(starts).containsExactly(0, 1, 65, 130, 642);
  }

  @Test
  void noBatchNeedsMoreTilesThanItsBound() {
    int[][] batches = {{1}, {64}, {65}, {1, 1, 1}, {63, 65, 129}, {512, 1, 512}, {64, 64, 64}};
    for (int[] lengths : batches) {
      int tokens = Arrays.stream(lengths).sum();
      assertThat(Attention.tileCount(lengths))
          .isLessThanOrEqualTo(Attention.tileBound(tokens, lengths.length));
    }
  }

  private static void refused(Runnable launch, String... words) {
    assertThatThrownBy(launch::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageStartingWith("sluice_");
  }

  private static HalfProduct halves(int n, int k) {
    return new HalfProduct(0, 0, 0, 0, 0, n, k, 0);
  }

  private static ByteProduct bytes(int n, int k) {
    return new ByteProduct(0, 0, 0, 0, 0, 0, 0, n, k, 0);
  }

  private static Norm norm(int hidden) {
    return new Norm(0, 0, 0, 0, 0, 0, 1e-12f, hidden, 0, 0, 0, 0);
  }

  private static Head head(int k, int n) {
    return new Head(0, 0, 0, 0, 0, n, k, Head.Activation.TANH, 0);
  }

  private static TopK topK(int dims, int k) {
    return new TopK(Element.S8, 0, 1_000_000, dims, 0, 2, k, 0, 0, 0);
  }
}
