// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What {@code sluice} alone does: say that a command is missing. */
final class MissingCommand implements Callable<Integer> {
  private @Nullable CommandSpec spec;

  void of(CommandSpec root) {
    spec = root;
  }

  @Override
  public Integer call() {
    CommandSpec root = Objects.requireNonNull(spec);
    throw new ParameterException(
        root.commandLine(),
        "a command is missing: one of " + String.join(", ", root.subcommands().keySet()));
  }
}
