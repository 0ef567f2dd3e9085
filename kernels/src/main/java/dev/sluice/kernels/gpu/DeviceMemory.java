// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

import java.util.Map;
import java.util.TreeMap;
import jcuda.driver.JCudaDriver;

/**
 * The card's memory, of which this process takes no more than its budget. For any number of
 * threads: its lock guards what is taken.
 *
 * <p>Taking memory from the driver is slow and waits for all that runs on the card: take it in
 * large pieces while loading, and cut those with an {@link Arena}.
 */
public final class DeviceMemory {
  private final DriverCalls calls;
  private final Ledger ledger;
  private final long budget;
  private final TreeMap<Long, Long> taken = new TreeMap<>();
  private long used;

  DeviceMemory(DriverCalls calls, Ledger ledger, long budget) {
    this.calls = calls;
    this.ledger = ledger;
    this.budget = budget;
  }

  /**
   * @param purpose for the message where it does not fit, for example {@code weights of MODEL}
   * @throws GpuMemoryException where the budget or the card has less left
   */
  public synchronized DeviceBuffer take(String purpose, long bytes) {
    requireFree(purpose, bytes);
    DeviceBuffer buffer = buffer(purpose, bytes);
    taken.put(buffer.address(), bytes);
    used += bytes;
    return buffer;
  }

  private DeviceBuffer buffer(String purpose, long bytes) {
    try {
      return new DeviceBuffer(this, calls, ledger, purpose, bytes);
    } catch (GpuCallFailedException e) {
      if (!e.error().isOutOfMemory()) {
        throw e;
      }
      Room room = room();
      throw new GpuMemoryException(purpose, bytes, room.free, room + " (in pieces)");
    }
  }

  /** Says so where that much could not be taken now: before the work of reading what goes there. */
  public synchronized void requireFree(String purpose, long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(purpose + ": " + bytes + " bytes of device memory");
    }
    if (bytes > budget - used) {
      String ofWhat = "the budget of " + Bytes.text(budget);
      throw new GpuMemoryException(purpose, bytes, budget - used, ofWhat);
    }
    Room room = room();
    if (bytes > room.free) {
      throw new GpuMemoryException(purpose, bytes, room.free, room.toString());
    }
  }

  /** What the card has, whoever uses it. */
  private record Room(long free, long total) {
    @Override
    public String toString() {
      return "the card's " + Bytes.text(total);
    }
  }

  private Room room() {
    long[] free = new long[1];
    long[] total = new long[1];
    calls.run("asking for free memory", () -> JCudaDriver.cuMemGetInfo(free, total));
    return new Room(free[0], total[0]);
  }

  public synchronized long used() {
    return used;
  }

  public long budget() {
    return budget;
  }

  /**
   * That a copy stays inside of one buffer: beyond it lies a fault that ends all work on the card.
   */
  synchronized void requireTaken(long address, long bytes) {
    Map.Entry<Long, Long> before = taken.floorEntry(address);
    boolean inside =
        before != null
            && bytes >= 0
            && address - before.getKey() <= before.getValue()
            && bytes <= before.getValue() - (address - before.getKey());
    if (!inside) {
      throw new IllegalArgumentException(
          "%d bytes at address 0x%x are not inside of one buffer".formatted(bytes, address));
    }
  }

  synchronized void given(long address) {
    Long bytes = taken.remove(address);
    used -= bytes == null ? 0 : bytes;
  }
}
