// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels;

import java.nio.file.Path;

/** The process that has its driver below the folder given, where no loader looks. */
final class UnusualPlaceMain {
  private UnusualPlaceMain() {}

  public static void main(String[] arguments) {
    new DriverLibrary(Path.of(arguments[0]), "").load();
    System.out.println(CudaDevices.probe());
  }
}
