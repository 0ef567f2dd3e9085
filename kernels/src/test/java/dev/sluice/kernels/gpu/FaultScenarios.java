// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernels.launch.Launch;
import dev.sluice.kernels.launch.Launch.Argument;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Launches that fail: at once, or while they run. */
final class FaultScenarios {
  private FaultScenarios() {}

  static void aRefusedLaunchIsNamed() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane");
        Norms norms = new Norms(gpu, stream)) {
      norms.begin(1);
      assertThatThrownBy(() -> stream.launch(norms.launch(8)))
          .isInstanceOf(GpuCallFailedException.class)
          .hasMessage(
              "stream lane: sluice_norm (2 x 1 blocks of 128 threads):"
                  + " CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES");
      assertThat(norms.written()).as("the card goes on").isZero();
      assertThat(gpu.outOfService()).isEmpty();
    }
  }

  static void anUnknownKernelIsNamed() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane")) {
      assertThatThrownBy(() -> stream.launch(new Launch("sluice_nothing", 1, 1, 32, 0, List.of())))
          .isInstanceOf(GpuCallFailedException.class)
          .hasMessage("looking for the kernel sluice_nothing: CUDA_ERROR_NOT_FOUND");
      assertThat(gpu.outOfService()).isEmpty();
    }
  }

  static void aFaultEndsTheService() {
    Gpu gpu = Emulated.open();
    GpuStream stream = gpu.stream("lane 0");
    GpuStream other = gpu.stream("lane 1");
    Norms norms = new Norms(gpu, stream);
    norms.begin(4);
    stream.await();
    for (int rowBound = 4; rowBound <= 12; rowBound += 4) {
      stream.launch(norms.launch(rowBound));
    }
    String cause =
        "stream lane 0: waiting after sluice_norm (1 x 1 blocks of 128 threads),"
            + " sluice_norm (2 x 1 blocks of 128 threads),"
            + " sluice_norm (3 x 1 blocks of 128 threads): CUDA_ERROR_LAUNCH_FAILED";
    assertOutOfService(stream::await, cause);

    // All that is asked of the card from then on hears of the same cause.
    assertThat(gpu.outOfService()).contains(cause);
    assertOutOfService(other::await, cause);
    assertOutOfService(() -> other.launch(norms.launch(1)), cause);
    assertOutOfService(() -> gpu.memory().take("more", 1), cause);
    assertOutOfService(() -> gpu.event("more"), cause);
    stream.close();
    gpu.close();
    assertThat(gpu.outOfService()).contains(cause);
  }

  static void aMemoryErrorEndsTheService() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("lane")) {
      Norms norms = new Norms(gpu, stream);
      norms.begin(1);
      stream.await();
      GpuEvent done = gpu.event("done");
      stream.launch(norms.launch(1));
      stream.record(done);
      assertOutOfService(
          done::await,
          "waiting for event done in stream lane after sluice_norm (1 x 1 blocks of 128 threads):"
              + " CUDA_ERROR_ECC_UNCORRECTABLE");
    }
  }

  static void aFaultIsFoundWhileClosing() {
    Gpu gpu = Emulated.open();
    GpuStream stream = gpu.stream("lane");
    Norms norms = new Norms(gpu, stream);
    norms.begin(1);
    stream.await();
    for (int i = 0; i < 20; i++) {
      stream.launch(norms.launch(1));
    }
    // Nothing is thrown: there is nobody left who could do otherwise.
    norms.close();
    assertThat(gpu.outOfService())
        .contains("freeing the pinned memory of transfers of stream lane: CUDA_ERROR_ASSERT");
    gpu.close();
  }

  static void aWildKernelEndsTheService() {
    try (Gpu gpu = Emulated.open();
        GpuDevice device = new GpuDevice(gpu)) {
      long address = device.allocate(4096 * Integer.BYTES);
      Launch wild =
          new Launch(
              "fault_write_behind_a_buffer",
              1,
              1,
              64,
              1024,
              List.of(new Argument.Address(address)));
      assertThatThrownBy(() -> device.launch(wild))
          .hasMessageStartingWith("fault_write_behind_a_buffer failed: ")
          .hasMessageEndingWith(
              "after fault_write_behind_a_buffer (1 x 1 blocks of 64 threads):"
                  + " CUDA_ERROR_ILLEGAL_ADDRESS")
          .hasCauseInstanceOf(GpuOutOfServiceException.class);
    }
  }

  private static void assertOutOfService(ThrowingCallable call, String cause) {
    assertThatThrownBy(call)
        .isInstanceOf(GpuOutOfServiceException.class)
        .hasMessage("the card is out of service until this process is started again: " + cause);
  }
}
