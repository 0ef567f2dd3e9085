// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * A tensor in the wire's raw form: row-major, little-endian, no padding; {@link DType#BYTES}
 * elements with their lengths in front. Whoever makes one has checked that the data fits the shape.
 *
 * <p>The buffer is shared, never copied, and never written after construction; {@link #data()}
 * gives a fresh view, so that readers do not move each other's position.
 */
public final class Tensor {
  private final DType type;
  private final long[] shape;
  private final ByteBuffer data;

  public Tensor(DType type, long[] shape, ByteBuffer data) {
    this.type = Objects.requireNonNull(type, "type");
    this.shape = shape.clone();
    this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  public DType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  public int rank() {
    return shape.length;
  }

  public long dim(int axis) {
    return shape[axis];
  }

  /** All of the data, from position 0, little-endian. */
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  public int byteSize() {
    return data.remaining();
  }

  /** Elements, which is 1 for a tensor of rank 0. */
  public long elements() {
    return elements(shape);
  }

  /** The product of the sizes; throws when it does not fit a long. */
  public static long elements(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product = Math.multiplyExact(product, size);
    }
    return product;
  }

  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
