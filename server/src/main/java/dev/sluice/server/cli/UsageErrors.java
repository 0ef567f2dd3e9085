// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import dev.sluice.server.config.Suggestions;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Set;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with the arguments, and what was probably meant. */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException failure, String[] args) {
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    PrintWriter err = failure.getCommandLine().getErr();
    err.println("sluice: " + message(failure, spec));
    err.println("Try '" + spec.qualifiedName() + " --help'.");
    return ExitCode.BAD_USAGE;
  }

  private static String message(ParameterException failure, CommandSpec spec) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched.getUnmatched().get(0), spec);
    }
    return String.valueOf(failure.getMessage());
  }

  private static String unknown(String word, CommandSpec spec) {
    String given = word.replaceFirst("=.*", "");
    boolean flag = given.startsWith("-");
    boolean command = !flag && !spec.subcommands().isEmpty();
    Collection<String> known =
        flag ? spec.optionsMap().keySet() : command ? spec.subcommands().keySet() : Set.of();
    String kind = flag ? "unknown flag" : command ? "unknown command" : "unexpected argument";
    return kind
        + " '"
        + given.replaceAll("\\p{Cntrl}", "?")
        + "'"
        + Suggestions.didYouMean(Suggestions.nearest(given, known));
  }
}
