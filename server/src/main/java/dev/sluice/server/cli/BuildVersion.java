// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import java.util.Optional;

/** Which Sluice this is. */
public final class BuildVersion {
  private BuildVersion() {}

  /** From the jar's manifest; "dev" when classes run from a build folder. */
  public static String current() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return Optional.ofNullable(version).orElse("dev");
  }
}
