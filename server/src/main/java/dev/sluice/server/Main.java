// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server;

import dev.sluice.server.cli.Sluice;
import dev.sluice.server.cli.Surroundings;
import dev.sluice.server.doctor.EngineFacts;
import dev.sluice.server.wiring.Serve;
import java.io.PrintStream;
import java.nio.file.Path;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(run(System.out, System.err, args));
  }

  /** Runs one command in this process and returns its exit code. */
  static int run(PrintStream out, PrintStream err, String... args) {
    return Sluice.run(
        new Surroundings(
            out, err, System.getenv(), Path.of("/"), EngineFacts::current, new Serve(out)),
        args);
  }
}
