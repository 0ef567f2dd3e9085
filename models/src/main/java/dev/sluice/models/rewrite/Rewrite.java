// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.rewrite;

import dev.sluice.models.engine.EngineException;

/**
 * A change that leaves what a graph computes as it is. Has no state. What it does not recognise for
 * certain it leaves alone.
 */
interface Rewrite {
  /** For the report. */
  String name();

  /** Changes all that it can; nodes that nobody needs any more are left to be swept away. */
  void apply(Work work) throws EngineException;
}
