// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.tensor.Tensor;
import java.util.List;

/** Runs a graph for one thread; not safe for two. */
public interface GraphLane extends AutoCloseable {
  /**
   * Runs the graph once.
   *
   * @param inputs one per declared input, in that order
   * @return one per declared output, in that order, valid for as long as the caller keeps them
   * @throws EngineException when the engine refuses or fails
   */
  List<Tensor> run(List<Tensor> inputs) throws EngineException;

  @Override
  void close();
}
