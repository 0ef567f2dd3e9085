// SPDX-License-Identifier: Apache-2.0
package dev.sluice.server.cli;

import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A command that fails without having said why: the log gets the stack, the user one line. */
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
    LoggerFactory.getLogger(Failures.class).error("the command failed", failure);
    line.getErr().println("sluice: the command failed; see the log line above");
    return ExitCode.FAILED;
  }
}
