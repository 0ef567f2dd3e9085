// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

/** Ctrl-C, and being told to end. */
@FunctionalInterface
public interface Interrupts {
  /** The first one runs this, on a thread of its own; a second one ends the process at once. */
  void onFirst(Runnable task);
}
