// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernels.emulation.EmulatedGpu.Architecture;
import dev.sluice.kernels.emulation.EmulatedGpu.Order;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Launch.Argument;
import dev.sluice.kernels.launch.LaunchFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Races that the emulation finds, each beside the same kernel without (src/emulation/races.cu). */
class RacesTest {
  private static final int INTS = 4096;
  private static final int THREADS = 128;
  private static final int SHARED_BYTES = 8192;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedGpu.buildOrSkip();
  }

  /** The message names the kernel, both threads, both places in the source, and the bytes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          barrier_missing                    | writes 4 bytes at byte 128 of 8192 of shared memory (races.cu:#), which thread 0 read (races.cu:#) with nothing between that orders the two
          warp_barrier_missing               | reads 4 bytes at byte 120 of 8192 of shared memory (races.cu:#), which thread 30 wrote (races.cu:#) with nothing between that orders the two
          barrier_of_a_warp_only             | reads 4 bytes at byte 16380 of 16384 of a buffer (races.cu:#), which thread 0 wrote (races.cu:#) with nothing between that orders the two
          ring_too_short                     | writes 4 bytes at byte 128 of 8192 of shared memory (races.cu:#), which thread 0 read (races.cu:#) with nothing between that orders the two
          same_value                         | writes 4 bytes at byte 0 of 8192 of shared memory (races.cu:#), which thread 0 wrote (races.cu:#) with nothing between that orders the two
          byte                               | writes 1 bytes at byte 0 of 16384 of a buffer (races.cu:#), which thread 0 wrote (races.cu:#) with nothing between that orders the two
          vector_over_word                   | writes 4 bytes at byte 12 of 16384 of a buffer (races.cu:#), which thread 0 wrote (races.cu:#) with nothing between that orders the two
          block_reads_anothers               | reads 4 bytes at byte 0 of 16384 of a buffer (races.cu:#), which another block wrote (races.cu:#); block (1, 0, 0)
          block_writes_what_another_reads    | writes 4 bytes at byte 4 of 16384 of a buffer (races.cu:#), which another block read (races.cu:#); block (1, 0, 0)
          blocks_write_the_same              | writes 4 bytes at byte 0 of 16384 of a buffer (races.cu:#), which another block wrote (races.cu:#); block (1, 0, 0)
          matrix_row                         | writes 16 bytes at byte 128 of 8192 of shared memory (races.cu:#), which thread 0 read (races.cu:#) with nothing between that orders the two
          copy_of_another                    | copies 16 bytes at byte 16 of 8192 of shared memory (races.cu:#), which thread 0 read (races.cu:#) with nothing between that orders the two
          copy_over_what_is_read             | copies 16 bytes at byte 16 of 8192 of shared memory (races.cu:#), which thread 0 read (races.cu:#) with nothing between that orders the two
          copy_not_waited_for                | reads 4 bytes at byte 0 of 8192 of shared memory (races.cu:#), where a copy of thread 0 is under way (races.cu:#)
          source_of_a_copy                   | reads 16 bytes at byte # of 16384 of a buffer (races.cu:#), which thread # wrote (races.cu:#) with nothing between that orders the two
          product_without_fence              | multiplies 16 bytes at byte 0 of 8192 of shared memory (races.cu:#), which thread 0 wrote (races.cu:#) with no fence.proxy.async and barrier between
          product_fenced_by_readers          | multiplies 16 bytes at byte 0 of 8192 of shared memory (races.cu:#), which thread 0 wrote (races.cu:#) with no fence.proxy.async and barrier between
          factor_overwritten                 | writes 16 bytes at byte # of 8192 of shared memory (races.cu:#), which a product under way reads
          factor_overwritten_by_another_warp | writes 16 bytes at byte # of 8192 of shared memory (races.cu:#), which thread # read (races.cu:#) with nothing between that orders the two
          """)
  void isFoundOutInEitherOrder(String race, String message) throws IOException {
    assertThatThrownBy(() -> launch(race, Order.FORWARD, 0))
        .isInstanceOf(LaunchFailedException.class)
        .hasMessageMatching(pattern("race_" + race + ": a race: this thread " + message) + ".*");
    assertThatThrownBy(() -> launch(race, Order.BACKWARD, 0))
        .isInstanceOf(LaunchFailedException.class)
        .hasMessageStartingWith("race_" + race + ": a race: ");
    for (Order order : Order.values()) {
      assertThatCode(() -> launch(race, order, 1)).doesNotThrowAnyException();
    }
  }

  /** Of a message in which # stands for any number. */
  private static String pattern(String message) {
    return "\\Q" + message.replace("#", "\\E[0-9]+\\Q") + "\\E";
  }

  private static void launch(String race, Order order, int right) throws IOException {
    try (EmulatedGpu gpu = new EmulatedGpu(Architecture.AMPERE_AND_LATER, order)) {
      long ints = gpu.allocate(INTS * Integer.BYTES);
      gpu.write(ints, ByteBuffer.allocate(INTS * Integer.BYTES));
      gpu.launch(
          new Launch(
              "race_" + race,
              race.contains("block_") || race.startsWith("blocks_") ? 2 : 1,
              1,
              THREADS,
              SHARED_BYTES,
              List.of(new Argument.Address(ints), new Argument.Int32(right))));
    }
  }
}
