// SPDX-License-Identifier: Apache-2.0
package dev.sluice.clients;

import org.junit.jupiter.api.Assumptions;

/** Surefire counts what is skipped and keeps the reason to itself: so it is printed here. */
final class Skip {
  private Skip() {}

  static void unless(boolean there, String reason) {
    if (!there) {
      System.out.println("SKIPPED: " + reason);
    }
    Assumptions.assumeTrue(there, reason);
  }
}
