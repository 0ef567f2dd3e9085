// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernels.emulation.EmulatedGpu.Architecture;
import dev.sluice.kernels.emulation.EmulatedGpu.Order;
import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Launch.Argument;
import dev.sluice.kernels.launch.LaunchFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the emulation promises to notice, by kernels that are wrong (src/emulation/faults.cu). */
class EmulationTest {
  private static final int INTS = 4096;
  private static final int THREADS = 64;
  private static final int SHARED_BYTES = 8192;

  private EmulatedGpu gpu;
  private long ints;

  @BeforeAll
  static void build() throws IOException, InterruptedException {
    EmulatedGpu.buildOrSkip();
  }

  @BeforeEach
  void start() throws IOException {
    gpu = new EmulatedGpu(Architecture.AMPERE_AND_LATER, Order.FORWARD);
    ints = gpu.allocate(INTS * Integer.BYTES);
  }

  @AfterEach
  void stop() throws IOException {
    gpu.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          barrier_skipped_by_some                 | threads diverge
          barriers_at_two_places                  | threads diverge
          shuffle_without_some_lanes              | lanes diverge
          warp_at_two_places                      | lanes diverge
          write_behind_a_buffer                   | byte 16384 of 16384 of a device buffer
          write_before_a_buffer                   | byte -4 of 16384 of a device buffer
          read_behind_a_buffer                    | byte 16384 of 16384 of a device buffer
          write_behind_shared_memory              | byte 8192 of 8192 of shared memory
          misaligned_access                       | misaligned
          matrix_row_outside_of_shared_memory     | outside of the block's shared memory
          copy_never_waited_for                   | copies under way
          product_without_register_fence          | without wgmma.fence
          product_of_some_warps                   | have not begun the same products
          """)
  void aWrongKernelIsFoundOut(String fault, String message) {
    assertThatThrownBy(() -> gpu.launch(fault(fault)))
        .isInstanceOf(LaunchFailedException.class)
        .hasMessageContaining("fault_" + fault)
        .hasMessageContaining(message)
        .hasMessageContaining("block (0, 0, 0), thread");
    // The process survives it.
    gpu.write(ints, ByteBuffer.allocate(4));
    assertThat(gpu.read(ints, 4).getInt()).isZero();
  }

  @Test
  void whatNobodyWroteIsNotZero() {
    gpu.write(ints, ByteBuffer.allocate(THREADS * Integer.BYTES));
    gpu.launch(fault("uninitialised_shared_memory"));
    assertThat(read()).containsOnly(-1);
  }

  @Test
  void launchesThatDoNotFitTheKernelAreRefused() {
    assertThatThrownBy(() -> gpu.launch(launch("no_such_kernel")))
        .hasMessageContaining("there is no such kernel");
    assertThatThrownBy(() -> gpu.launch(launch("sluice_norm", new Argument.Int32(1))))
        .hasMessageContaining("arguments of kinds i for parameters of kinds ppppppfippp");
  }

  @Test
  void halvesAreRoundedAsJavaRoundsThem() {
    SplittableRandom random = new SplittableRandom(1);
    int count = 1 << 16;
    ByteBuffer floats = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      // Any sign, exponents around those of halves, and every second mantissa that of a tie.
      int mantissa = random.nextInt(1 << 23) & (i % 2 == 0 ? -1 : 0x7ff000);
      int exponent = random.nextInt(127 - 27, 127 + 18);
      values[i] = Float.intBitsToFloat(random.nextInt(2) << 31 | exponent << 23 | mantissa);
      floats.putFloat(i * Float.BYTES, values[i]);
    }
    values[0] = 0;
    floats.putFloat(0, 0);
    long from = gpu.allocate(floats.capacity());
    long to = gpu.allocate((long) count * Short.BYTES);
    gpu.write(from, floats);
    gpu.launch(
        new Launch(
            "probe_rounding",
            count / 2 / THREADS,
            1,
            THREADS,
            0,
            List.of(
                new Argument.Address(from), new Argument.Address(to), new Argument.Int32(count))));
    ByteBuffer halves = gpu.read(to, count * Short.BYTES);
    for (float value : values) {
      assertThat(halves.getShort()).as("%s", value).isEqualTo(Float.floatToFloat16(value));
    }
  }

  private int[] read() {
    int[] values = new int[THREADS];
    gpu.read(ints, THREADS * Integer.BYTES).asIntBuffer().get(values);
    return values;
  }

  private Launch fault(String name) {
    return launch("fault_" + name, new Argument.Address(ints));
  }

  private static Launch launch(String kernel, Argument... arguments) {
    return new Launch(kernel, 1, 1, THREADS, SHARED_BYTES, List.of(arguments));
  }
}
