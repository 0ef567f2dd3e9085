// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
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

  /**
   * Runs on the lane what it ran when it was loaded; nothing, if shapes or texts are for clients to
   * choose. Called on the lane's thread.
   *
   * @throws EngineException when the lane cannot run even that
   */
  default void check(GraphLane lane) throws EngineException {}
}
