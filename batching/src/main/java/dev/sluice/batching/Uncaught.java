// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

/**
 * What becomes of a throwable that must not travel further: a callback threw where others still
 * wait for theirs. The current thread's uncaught-exception handler hears of it and the thread goes
 * on.
 */
final class Uncaught {
  private Uncaught() {}

  static void guard(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable thrown) {
      report(thrown);
    }
  }

  static void report(Throwable thrown) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    } catch (Throwable ignored) {
      // A handler that throws is ignored by the platform too.
    }
  }
}
