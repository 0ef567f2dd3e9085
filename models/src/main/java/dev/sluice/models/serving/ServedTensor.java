// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.tensor.Tensor;
import dev.sluice.models.tensor.TensorSpec;

/**
 * An input or output as clients see it, and its place in the graph.
 *
 * @param spec the client's side, with the batch dimension where there is one
 * @param position among the graph's inputs or outputs
 * @param reshape from the client's shape to the graph's for an input, the other way for an output
 */
record ServedTensor(TensorSpec spec, int position, TensorReshape reshape) {
  Tensor convert(Tensor tensor) {
    return reshape.apply(tensor);
  }
}
