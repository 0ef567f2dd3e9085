// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/** Device memory, pinned memory, copies between them. */
final class MemoryScenarios {
  private static final int PIECE = 1000;

  private MemoryScenarios() {}

  static void copiesOfAnySize() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("loading");
        Transfers transfers = new Transfers(gpu, stream, PIECE);
        DeviceBuffer buffer = gpu.memory().take("copies", 10 * PIECE)) {
      for (int size : new int[] {1, PIECE, PIECE + 1, 7 * PIECE - 1, 10 * PIECE}) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        byte[] given = bytes.clone();
        transfers.upload(ByteBuffer.wrap(given), buffer.address());
        // On return they may be changed.
        new SplittableRandom(0).nextBytes(given);
        assertThat(transfers.download(buffer.address(), size)).isEqualTo(ByteBuffer.wrap(bytes));
      }
    }
  }

  static void copiesStayInsideOfBuffers() {
    try (Gpu gpu = Emulated.open();
        GpuStream stream = gpu.stream("loading");
        PinnedBuffer pinned = gpu.pinned("copies", 100);
        DeviceBuffer buffer = gpu.memory().take("copies", 64)) {
      long address = buffer.address();
      stream.upload(pinned, 36, 64, address);
      assertThatThrownBy(() -> stream.upload(pinned, 0, 65, address))
          .hasMessageStartingWith("65 bytes at address 0x")
          .hasMessageEndingWith("are not inside of one buffer");
      assertThatThrownBy(() -> stream.download(address + 1, pinned, 0, 64))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> stream.download(address - 1, pinned, 0, 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> stream.upload(pinned, 37, 64, address))
          .hasMessage("64 bytes at 37 of the pinned memory of copies, which has 100");
      stream.await();
      assertThat(gpu.outOfService()).isEmpty();
    }
  }

  static void theBudgetIsKept() {
    try (Gpu gpu = Emulated.open()) {
      DeviceMemory memory = gpu.memory();
      DeviceBuffer weights = memory.take("weights of a", 40 << 20);
      assertThat(memory.used()).isEqualTo(40 << 20);
      assertThatThrownBy(() -> memory.take("weights of b", (24 << 20) + 1))
          .isInstanceOfSatisfying(
              GpuMemoryException.class,
              refused -> {
                assertThat(refused.needed()).isEqualTo((24 << 20) + 1);
                assertThat(refused.free()).isEqualTo(24 << 20);
              })
          .hasMessage(
              "weights of b: 24.0 MiB of device memory needed,"
                  + " 24.0 MiB of the budget of 64.0 MiB free");
      memory.take("weights of b", 24 << 20).close();
      weights.close();
      weights.close();
      assertThat(memory.used()).isZero();
      memory.take("weights of c", Emulated.BUDGET).close();
      assertThatThrownBy(weights::address)
          .hasMessage("weights of a (40.0 MiB of device memory) has been closed");
    }
  }

  static void theCardHasLess() {
    try (Gpu gpu = Emulated.open()) {
      gpu.memory().requireFree("weights", 1 << 20);
      DeviceBuffer buffer = gpu.memory().take("activations", 512 << 10);
      assertThatThrownBy(() -> gpu.memory().requireFree("weights", 1 << 20))
          .isInstanceOf(GpuMemoryException.class)
          .hasMessage(
              "weights: 1.0 MiB of device memory needed, 512.0 KiB of the card's 1.0 MiB free");
      assertThat(gpu.memory().used()).isEqualTo(512 << 10);
      assertThat(gpu.outOfService()).isEmpty();
      buffer.close();
    }
  }

  static void freeMemoryIsInPieces() {
    try (Gpu gpu = Emulated.open()) {
      assertThatThrownBy(() -> gpu.memory().take("weights", 1 << 20))
          .isInstanceOf(GpuMemoryException.class)
          .hasMessage(
              "weights: 1.0 MiB of device memory needed,"
                  + " 256.0 MiB of the card's 256.0 MiB (in pieces) free");
      assertThat(gpu.memory().used()).isZero();
    }
  }

  static void arenasRefuseWhatDoesNotFit() {
    try (Gpu gpu = Emulated.open();
        DeviceBuffer buffer = gpu.memory().take("lane 0", Arena.sizeOf(1) + Arena.sizeOf(300))) {
      Arena arena = new Arena(buffer);
      assertThat(arena.place("a", 1)).isEqualTo(buffer.address());
      assertThat(arena.place("b", 300)).isEqualTo(buffer.address() + 256);
      assertThatThrownBy(() -> arena.place("c", 1))
          .hasMessage("c: 1 bytes do not fit, 0 are left of lane 0 (768 bytes of device memory)");
      arena.clear();
      assertThat(arena.place("c", 768)).isEqualTo(buffer.address());
    }
  }

  static void closingGivesEverythingBack() {
    Gpu gpu = Emulated.open();
    GpuStream stream = gpu.stream("lane");
    Norms norms = new Norms(gpu, stream);
    norms.begin(2);
    stream.launch(stream.capture("left open", List.of(norms.launch(2))));
    gpu.event("left open");
    PinnedBuffer pinned = gpu.pinned("left open", 10);
    gpu.close();

    assertThatThrownBy(stream::await).hasMessage("stream lane has been closed");
    assertThatThrownBy(pinned::bytes).hasMessage("the pinned memory of left open has been closed");
    assertThatThrownBy(() -> gpu.stream("late")).hasMessage("the card has been closed");
    gpu.close();
  }
}
