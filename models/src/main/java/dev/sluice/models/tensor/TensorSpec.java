// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.tensor;

import java.util.List;
import java.util.Objects;

/**
 * An input or output that a model declares.
 *
 * @param dims sizes, the batch dimension included where the model takes one; -1 where a size may
 *     vary
 * @param anyShape whether nothing is known of the shape (TorchScript without a configuration);
 *     {@code dims} is then only what metadata shows
 */
public record TensorSpec(String name, DType type, List<Long> dims, boolean anyShape) {
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    dims = List.copyOf(dims);
  }

  public TensorSpec(String name, DType type, List<Long> dims) {
    this(name, type, dims, false);
  }
}
