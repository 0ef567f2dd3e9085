// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import dev.sluice.kernels.CudaCard;
import dev.sluice.kernels.CudaDevices;
import dev.sluice.kernels.CudaProbe;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import jcuda.driver.CUdevice_attribute;

/**
 * One card with the kernels loaded. For any number of threads.
 *
 * <p>Whoever makes streams, buffers and the like closes them, or leaves them to {@link #close}. A
 * fault of a kernel ends all work on the card for good: from then on every call throws {@link
 * GpuOutOfServiceException}, {@link #outOfService} says why, and only closing still works.
 */
public final class Gpu implements AutoCloseable {
  private static final double OLDEST = 7.5;

  private final CudaCard card;
  private final Ledger ledger;
  private final DriverCalls calls;
  private final KernelModule kernels;
  private final DeviceMemory memory;
  private final int multiprocessors;
  private final int clockKilohertz;

  private Gpu(CudaCard card, Ledger ledger, byte[] image, long budgetBytes) {
    this.card = card;
    this.ledger = ledger;
    PrimaryContext context = PrimaryContext.retain(card.index(), ledger);
    this.calls = context.calls();
    this.multiprocessors =
        context.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    this.clockKilohertz = context.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CLOCK_RATE);
    this.kernels = new KernelModule(calls, ledger, image);
    this.memory = new DeviceMemory(calls, ledger, budgetBytes);
  }

  /**
   * Never throws for want of a driver or card.
   *
   * @param index as {@code gpu:N} counts
   * @param budgetBytes the most device memory that may be taken
   */
  public static GpuOpening open(int index, long budgetBytes) {
    return open(index, free -> budgetBytes);
  }

  /**
   * Never throws for want of a driver or card.
   *
   * @param index as {@code gpu:N} counts
   * @param budgetBytes the most device memory that may be taken, of so many bytes that are free
   */
  public static GpuOpening open(int index, LongUnaryOperator budgetBytes) {
    return switch (CudaDevices.probe()) {
      case CudaProbe.Absent absent -> new GpuOpening.Absent(absent.reason());
      case CudaProbe.Present present -> open(present, index, budgetBytes);
    };
  }

  private static GpuOpening open(
      CudaProbe.Present present, int index, LongUnaryOperator budgetBytes) {
    int count = present.cards().size();
    if (index < 0 || index >= count) {
      return new GpuOpening.Absent(
          "no card %d: the NVIDIA driver shows %d".formatted(index, count));
    }
    CudaCard card = present.cards().get(index);
    if (Double.parseDouble(card.computeCapability()) < OLDEST) {
      return new GpuOpening.Absent(
          "%s is of compute capability %s, the kernels need %s or later"
              .formatted(card.name(), card.computeCapability(), OLDEST));
    }
    Ledger ledger = new Ledger();
    try {
      long budget = budgetBytes.applyAsLong(card.freeBytes().orElse(card.totalBytes()));
      return new GpuOpening.Opened(new Gpu(card, ledger, KernelImage.load(), budget));
    } catch (IOException e) {
      return new GpuOpening.Absent(String.valueOf(e.getMessage()));
    } catch (GpuException e) {
      closeAfter(e, ledger);
      return new GpuOpening.Absent(card.name() + " cannot be used: " + e.getMessage());
    }
  }

  private static void closeAfter(GpuException failure, Ledger ledger) {
    try {
      ledger.closeAll();
    } catch (GpuException e) {
      failure.addSuppressed(e);
    }
  }

  public CudaCard card() {
    return card;
  }

  public int multiprocessors() {
    return multiprocessors;
  }

  /** The highest of the multiprocessors; under load a card may run slower. */
  public int clockKilohertz() {
    return clockKilohertz;
  }

  public DeviceMemory memory() {
    return memory;
  }

  /**
   * @param name for messages
   */
  public GpuStream stream(String name) {
    return new GpuStream(calls, ledger, kernels, memory, name);
  }

  public GpuEvent event(String name) {
    return GpuEvent.plain(calls, ledger, name);
  }

  /**
   * @param name for messages
   */
  public GpuStopwatch stopwatch(String name) {
    return new GpuStopwatch(
        GpuEvent.timed(calls, ledger, name + ", begin"),
        GpuEvent.timed(calls, ledger, name + ", end"));
  }

  /**
   * @param purpose for messages
   */
  public PinnedBuffer pinned(String purpose, int bytes) {
    return new PinnedBuffer(calls, ledger, purpose, bytes);
  }

  /** Why nothing can be done on the card any more, until the process is started again. */
  public Optional<String> outOfService() {
    return calls.outOfService();
  }

  /**
   * Gives everything back, the youngest first, the context last. No other thread may use the card
   * any more.
   */
  @Override
  public void close() {
    calls.close();
    ledger.closeAll();
  }
}
