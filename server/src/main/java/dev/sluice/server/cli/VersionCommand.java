// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.doctor.EngineFacts;
import dev.sluice.server.doctor.Jvm;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;

/** {@code sluice version}: Sluice's own, Java's, and what the engines say of themselves. */
final class VersionCommand {
  private final Surroundings surroundings;
  private final CommandSpec spec;

  VersionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.spec = Sluice.command("version", "Print the versions of all parts.", this::call);
    spec.usageMessage().footer("", "Example:", "  sluice version");
  }

  CommandSpec spec() {
    return spec;
  }

  private int call() {
    PrintStream out = surroundings.out();
    Jvm jvm = Jvm.current();
    out.println("sluice " + BuildVersion.current());
    out.println("Java " + jvm.version() + ", " + jvm.vendor());
    for (EngineFacts.Engine engine : surroundings.engines().get().engines()) {
      out.println(
          engine.name()
              + " "
              + engine.failure().map(why -> "unusable: " + why).orElse(engine.version()));
    }
    return ExitCode.GOOD;
  }
}
