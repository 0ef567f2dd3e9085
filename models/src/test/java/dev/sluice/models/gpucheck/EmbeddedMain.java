// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.gpucheck;

import java.nio.file.Path;

/** The process in which the embedded model is compared; ends with 1 where it disagrees. */
final class EmbeddedMain {
  /** A card that is emulated takes seconds for it. */
  private static final int ONE_TEXT = 1;

  private EmbeddedMain() {}

  @SuppressWarnings("SystemExitOutsideMain") // this is main
  public static void main(String[] arguments) {
    EmbeddedOnCard embedded =
        new EmbeddedOnCard(Path.of(arguments[0]), System.out::println, line -> {});
    System.exit(embedded.agrees(ONE_TEXT) ? 0 : 1);
  }
}
