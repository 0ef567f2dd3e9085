// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.derive;

import dev.sluice.models.testing.Specs;
import java.nio.file.Path;

/**
 * A server that wants one variant, in a process of its own. Arguments: the cache, the model file.
 * Waits for a line on its input, makes the variant, prints its file, and lives until its input
 * ends.
 */
public final class MakeOne {
  private MakeOne() {}

  public static void main(String[] args) throws Exception {
    CachedVariants variants =
        new CachedVariants(
            Path.of(args[0]), Long.MAX_VALUE, TestRecipes.Copying.class, Runnable::run);
    System.out.println("waiting");
    var unused = System.in.read();
    DerivedVariant made =
        variants.make(Specs.of(Path.of(args[1])), "int8", VariantMaker.Progress.NONE);
    System.out.println("made " + made.spec().file());
    while (System.in.read() >= 0) {
      // Holds what it found.
    }
    Runtime.getRuntime().halt(0);
  }
}
