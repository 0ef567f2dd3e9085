// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.engine;

import dev.sluice.models.spec.ModelSpec;

/** Loads model files with the engine that their spec names. */
public interface Engines {
  /**
   * Loads the spec's file on the device that its settings choose.
   *
   * @throws EngineException saying what is wrong with the file, or why the device cannot be had
   */
  Graph load(ModelSpec spec) throws EngineException;
}
