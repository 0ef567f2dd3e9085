// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.doctor;

import java.util.Locale;

/** Bytes for people. */
final class Sizes {
  private Sizes() {}

  static String text(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
        : String.format(Locale.ROOT, "%.0f MiB", bytes / (double) (1L << 20));
  }
}
