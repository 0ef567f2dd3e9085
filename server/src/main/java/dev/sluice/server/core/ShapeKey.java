// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.core;

import dev.sluice.models.tensor.DType;
import dev.sluice.models.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Types and sizes of some tensors: what they must agree in to be put under one another. */
final class ShapeKey {
  private final DType[] types;

  /** Of each tensor its rank and then its sizes. */
  private final long[] sizes;

  private ShapeKey(DType[] types, long[] sizes) {
    this.types = types;
    this.sizes = sizes;
  }

  /**
   * @param firstAxis where sizes begin to count: 1 behind a batch dimension, else 0
   */
  static ShapeKey of(List<Tensor> tensors, int firstAxis) {
    DType[] types = new DType[tensors.size()];
    int length = 0;
    for (int i = 0; i < types.length; i++) {
      types[i] = tensors.get(i).type();
      length += 1 + tensors.get(i).rank();
    }
    long[] sizes = new long[length];
    int at = 0;
    for (Tensor tensor : tensors) {
      sizes[at++] = tensor.rank();
      for (int axis = firstAxis; axis < tensor.rank(); axis++) {
        sizes[at++] = tensor.dim(axis);
      }
    }
    return new ShapeKey(types, sizes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShapeKey key
        && Arrays.equals(types, key.types)
        && Arrays.equals(sizes, key.sizes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(types) + Arrays.hashCode(sizes);
  }
}
