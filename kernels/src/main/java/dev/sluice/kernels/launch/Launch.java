// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * One launch of one kernel.
 *
 * @param kernel the entry's name in the module
 * @param gridX blocks; the other two counts are 1 where a kernel does not use them
 * @param threads per block
 * @param sharedBytes dynamic shared memory per block; for more than {@link #UNASKED_SHARED_BYTES} a
 *     card must be asked, once per kernel (cuFuncSetAttribute)
 */
public record Launch(
    String kernel, int gridX, int gridY, int threads, int sharedBytes, List<Argument> arguments) {

  static final int WARP = 32;

  /** What every card gives any kernel. */
  public static final int UNASKED_SHARED_BYTES = 48 << 10;

  /** What a card of compute capability 9.0 gives when asked; only its own kernels want so much. */
  private static final int MOST_SHARED_BYTES = 227 << 10;

  private static final int MOST_GRID_Y = 65_535;

  public Launch {
    arguments = List.copyOf(arguments);
    if (gridX < 1 || gridY < 1 || gridY > MOST_GRID_Y) {
      throw new IllegalArgumentException(
          kernel + ": no grid of " + gridX + " x " + gridY + " blocks");
    }
    if (sharedBytes > MOST_SHARED_BYTES) {
      throw new IllegalArgumentException(
          kernel + ": " + sharedBytes + " bytes of shared memory, at most " + MOST_SHARED_BYTES);
    }
  }

  /** An argument as the kernel declares it. */
  public sealed interface Argument {
    /** An address in device memory; 0 is null. */
    record Address(long value) implements Argument {}

    record Int32(int value) implements Argument {}

    record Float32(float value) implements Argument {}
  }

  /** Collects arguments in the order of the kernel's parameters. */
  static final class Arguments {
    private final List<Argument> list = new ArrayList<>();

    Arguments addresses(long... values) {
      for (long value : values) {
        list.add(new Argument.Address(value));
      }
      return this;
    }

    Arguments ints(int... values) {
      for (int value : values) {
        list.add(new Argument.Int32(value));
      }
      return this;
    }

    Arguments real(float value) {
      list.add(new Argument.Float32(value));
      return this;
    }

    List<Argument> list() {
      return list;
    }
  }

  static int blocks(int work, int perBlock) {
    return Math.ceilDiv(work, perBlock);
  }

  /** What kernels assume of a size, checked where it is cheap. */
  static void require(boolean holds, String kernel, String what, int value) {
    if (!holds) {
      throw new IllegalArgumentException(kernel + ": " + what + ", not " + value);
    }
  }
}
