// SPDX-License-Identifier: Apache-2.0
package dev.sluice.loadtest.command;

import dev.sluice.loadtest.ghz.Options;
import dev.sluice.loadtest.inference.ModelCounts;
import dev.sluice.loadtest.result.ServerStatistics;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the server what it measured before a run and after it, if that was asked for. */
final class ServerWatch {
  private final Options options;
  private final @Nullable Channel control;
  private final PrintWriter told;
  private final Optional<ModelCounts> before;

  private ServerWatch(Options options, @Nullable Channel control, PrintWriter told) {
    this.options = options;
    this.control = control;
    this.told = told;
    this.before = ask();
  }

  static ServerWatch begin(Options options, @Nullable Channel control, PrintWriter told) {
    return new ServerWatch(options, control, told);
  }

  /** What the server did meanwhile, for whomever; nothing where it does not tell. */
  ServerStatistics end() {
    if (before.isEmpty()) {
      return ServerStatistics.NONE;
    }
    return ask().map(after -> after.since(before.get())).orElse(ServerStatistics.NONE);
  }

  private Optional<ModelCounts> ask() {
    if (!options.inference().serverStatistics() || control == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ModelCounts.ask(control, options.inference().model(), options.wire().connectTimeout()));
    } catch (StatusRuntimeException e) {
      told.println("sluice: the server tells no statistics: " + e.getStatus().getCode());
      return Optional.empty();
    }
  }
}
