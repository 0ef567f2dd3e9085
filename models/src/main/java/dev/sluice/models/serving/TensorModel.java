// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.GraphLane;
import dev.sluice.models.tensor.TensorSpec;
import java.util.List;

/** A model of tensors in, tensors out. */
public non-sealed interface TensorModel extends LoadedModel {
  /** The batch dimension leads where {@link dev.sluice.models.spec.ModelSpec#batches()}. */
  List<TensorSpec> inputs();

  List<TensorSpec> outputs();

  /** A runner for one thread. */
  GraphLane newLane();
}
