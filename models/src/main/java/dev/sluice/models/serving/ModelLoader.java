// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.serving;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;

/**
 * Turns a spec into a model that runs. An implementation with a public constructor without
 * arguments can be tried out in a process of its own.
 */
public interface ModelLoader {
  /**
   * Loads and checks the model with native code, so a hostile file may end the process.
   *
   * @throws EngineException saying what is wrong, for the operator
   */
  LoadedModel load(ModelSpec spec) throws EngineException;
}
