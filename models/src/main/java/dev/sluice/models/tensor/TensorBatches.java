// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the rows of several tensors into one and takes them apart again, along axis 0. Tensors of
 * {@link DType#BYTES} must have passed {@link BytesTensors#framingProblem}.
 */
public final class TensorBatches {
  /**
   * Up to here, to allocate and clean direct memory costs more than the copy that it saves an
   * engine.
   */
  private static final int SMALL = 1 << 16;

  private TensorBatches() {}

  /**
   * The rows of all parts in their order: if they are large, in direct memory, where engines read
   * without copying. The part itself if there is only one.
   *
   * @throws IllegalArgumentException when types or sizes behind axis 0 differ
   * @throws ArithmeticException when the whole does not fit one buffer
   */
  public static Tensor concatenate(List<Tensor> parts) {
    Tensor first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    long[] shape = first.shape();
    shape[0] = 0;
    long bytes = 0;
    for (Tensor part : parts) {
      requireAlike(first, part);
      shape[0] = Math.addExact(shape[0], part.dim(0));
      bytes += part.byteSize();
    }
    int size = Math.toIntExact(bytes);
    ByteBuffer data = size > SMALL ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    for (Tensor part : parts) {
      data.put(part.data());
    }
    return new Tensor(first.type(), shape, data.flip());
  }

  /**
   * Consecutive row ranges, as views of the same memory.
   *
   * @param rows rows of each range; together all rows of the tensor
   */
  public static List<Tensor> split(Tensor batch, List<Integer> rows) {
    long total = rows.stream().mapToLong(Integer::longValue).sum();
    if (batch.rank() == 0 || batch.dim(0) != total) {
      throw new IllegalArgumentException(batch + " does not have " + total + " rows");
    }
    List<Tensor> parts = new ArrayList<>(rows.size());
    ByteBuffer data = batch.data();
    long rowElements = rowElements(batch);
    for (int count : rows) {
      long[] shape = batch.shape();
      shape[0] = count;
      int size = size(batch.type(), data, count * rowElements);
      parts.add(new Tensor(batch.type(), shape, data.slice(data.position(), size)));
      data.position(data.position() + size);
    }
    return parts;
  }

  private static int size(DType type, ByteBuffer data, long elements) {
    if (type.fixedSize()) {
      return Math.toIntExact(elements * type.byteSize());
    }
    ByteBuffer ahead = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < elements; i++) {
      BytesTensors.next(ahead);
    }
    return ahead.position() - data.position();
  }

  private static long rowElements(Tensor tensor) {
    long[] shape = tensor.shape();
    return Tensor.elements(Arrays.copyOfRange(shape, 1, shape.length));
  }

  /** Whether the two can share a batch. */
  public static boolean alike(Tensor first, Tensor part) {
    long[] a = first.shape();
    long[] b = part.shape();
    return first.type() == part.type()
        && a.length > 0
        && a.length == b.length
        && Arrays.equals(a, 1, a.length, b, 1, b.length);
  }

  private static void requireAlike(Tensor first, Tensor part) {
    if (!alike(first, part)) {
      throw new IllegalArgumentException(part + " cannot share a batch with " + first);
    }
  }
}
