// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

/** Decides when the calls of one loop are sent. Used on the loop. */
interface Pacer {
  void start();

  /** Sends no more. */
  void stop();

  /** Hears that a worker can make its next call. */
  void freed(Worker worker, long now);

  /** Whether it will never send another call. */
  boolean over();
}
