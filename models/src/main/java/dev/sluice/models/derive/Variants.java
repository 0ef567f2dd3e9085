// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.spec.ModelSpec;
import dev.sluice.models.spec.TextSpec;
import java.nio.file.Path;

/** What loads a variant. */
final class Variants {
  private Variants() {}

  /** The model's own spec with the derived file in place of its file. */
  static ModelSpec spec(ModelSpec model, Path file, boolean pooled) {
    TextSpec text = model.text();
    return model.withFile(
        file, text != null && pooled ? text.withPooling(TextSpec.Pooling.NONE) : text);
  }
}
