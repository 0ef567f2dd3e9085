// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import java.util.List;

/** Makes variants of models. Safe for any number of threads; making one blocks its caller. */
public interface VariantMaker {
  /** Is told of the steps of long work. */
  @FunctionalInterface
  interface Progress {
    /** Nobody listens. */
    Progress NONE = (step, share) -> {};

    /**
     * @param step for people, for example {@code calibrating}
     * @param share of the whole work that is done, 0 to 1; never falls
     */
    void at(String step, double share);
  }

  /**
   * The variants of this model that could be made, beside its own precision. Looks at no file, so
   * making one may still fail.
   */
  List<String> offered(ModelSpec model);

  /**
   * The same model out of a file that is faster and gives the same answers, where there is one
   * already; else the model as it is, and there may be one the next time. Waits for nothing.
   */
  default ModelSpec optimized(ModelSpec model) {
    return model;
  }

  /**
   * The variant out of the cache, or made now, which takes seconds to minutes. Processes that want
   * the same at once make it once.
   *
   * @throws EngineException saying why it cannot be made; nothing half-made stays
   */
  DerivedVariant make(ModelSpec model, String variant, Progress progress)
      throws EngineException, InterruptedException;
}
