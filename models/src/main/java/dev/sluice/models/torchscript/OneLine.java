// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.torchscript;

/** Names out of archives, for people. */
final class OneLine {
  private OneLine() {}

  /** Without line breaks and whatever else a terminal might act on. */
  static String of(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
