// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.run;

/** Where the calls of one {@link Loop} come from; used on it alone. */
@FunctionalInterface
public interface CallSource {
  /**
   * @param worker who calls, as templates see it
   * @param number of the call in the run, from 0
   * @throws dev.sluice.loadtest.call.CallException if it cannot be made, which ends the run
   */
  PreparedCall next(String worker, long number);

  /** One for each loop. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param loop its number, from 0, so that no two draw the same random values
     */
    CallSource open(int loop);
  }
}
