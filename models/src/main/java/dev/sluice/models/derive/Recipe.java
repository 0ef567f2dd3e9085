// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.engine.EngineException;
import dev.sluice.models.spec.ModelSpec;
import java.nio.file.Path;
import java.util.List;

/**
 * Knows how a model's own file becomes a variant's. Needs a public constructor without arguments,
 * as the making happens in a process of its own; the other methods are asked in the server, and
 * must be cheap.
 */
public interface Recipe {
  /** Other than before whenever the same file would become another: part of the cache's key. */
  String version(ModelSpec model);

  /** The variants of this model that it might make. Looks at no file. */
  List<String> offered(ModelSpec model);

  /**
   * Makes a variant's file.
   *
   * @param folder where to put it; nothing else may be written
   * @throws EngineException saying in one line why it cannot be made
   */
  Made make(Order order, Path folder, VariantMaker.Progress progress)
      throws EngineException, InterruptedException;

  /**
   * What became of it.
   *
   * @param file its name in the folder
   * @param pooled whether it gives one vector for each text by itself
   * @param scheme how it was made, for people
   * @param notes what else there is to say, such as which layers were left as they are
   */
  record Made(String file, boolean pooled, String scheme, List<String> notes) {
    public Made {
      notes = List.copyOf(notes);
    }
  }
}
