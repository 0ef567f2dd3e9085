// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** The process in which a scenario runs; what fails ends it with 1 and is on standard output. */
final class ScenarioMain {
  private ScenarioMain() {}

  @SuppressWarnings("SystemExitOutsideMain") // this is main
  public static void main(String[] arguments) {
    try {
      Scenario.valueOf(arguments[0]).run();
    } catch (Throwable e) {
      e.printStackTrace(System.out);
      System.exit(1);
    }
  }
}
