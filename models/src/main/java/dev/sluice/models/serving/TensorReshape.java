// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.tensor.Tensor;
import java.util.List;

/**
 * Gives a tensor the other of two shapes of the same elements: what clients see and what the model
 * sees. Sizes that vary are carried over in their order.
 *
 * @param from without the batch dimension; -1 where a size varies
 * @param to the same for the result
 * @param batched whether a batch dimension leads, which stays as it is
 */
record TensorReshape(List<Long> from, List<Long> to, boolean batched) {

  /** Whether both hold the same number of elements whatever the sizes that vary. */
  static boolean possible(List<Long> from, List<Long> to) {
    return varying(from) == varying(to) && fixed(from) == fixed(to);
  }

  Tensor apply(Tensor tensor) {
    int lead = batched ? 1 : 0;
    if (from.equals(to) || tensor.rank() != from.size() + lead) {
      return tensor;
    }
    long[] shape = new long[to.size() + lead];
    if (batched) {
      shape[0] = tensor.dim(0);
    }
    int source = 0;
    for (int axis = 0; axis < to.size(); axis++) {
      long size = to.get(axis);
      if (size < 0) {
        while (from.get(source) >= 0) {
          source++;
        }
        size = tensor.dim(lead + source++);
      }
      shape[lead + axis] = size;
    }
    return Tensor.elements(shape) == tensor.elements()
        ? new Tensor(tensor.type(), shape, tensor.data())
        : tensor;
  }

  private static long varying(List<Long> dims) {
    return dims.stream().filter(dim -> dim < 0).count();
  }

  private static long fixed(List<Long> dims) {
    return dims.stream().filter(dim -> dim >= 0).reduce(1L, Math::multiplyExact);
  }
}
